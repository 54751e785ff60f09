package io.espalier.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes npz files entry by entry, right or wrong as a test wants them. Not thread-safe. */
public final class TestingNpz {

    private final Map<String, byte[]> entries = new LinkedHashMap<>();

    /** Adds an entry of any content. */
    public TestingNpz entry(String name, byte[] content) {
        entries.put(name, content);
        return this;
    }

    /**
     * Adds an array.
     *
     * @param type as NumPy writes it, such as {@code <f4}
     * @param shape as Python writes it, such as {@code (2, 3)}
     * @param data elements, row-major, in the byte order of the type
     */
    public TestingNpz array(String name, String type, String shape, byte[] data) {
        return entry(name + ".npy", npy(1, header(type, false, shape), data));
    }

    /** The file, without compression. */
    public byte[] stored() {
        return zip(ZipEntry.STORED);
    }

    /** The file, compressed. */
    public byte[] deflated() {
        return zip(ZipEntry.DEFLATED);
    }

    /** The header of an npy array. */
    public static String header(String type, boolean fortranOrder, String shape) {
        return "{'descr': '" + type + "', 'fortran_order': " + (fortranOrder ? "True" : "False") + ", 'shape': " + shape
                + ", }";
    }

    /** An npy array; the header is padded as NumPy does, so that the data begins at a multiple of 64. */
    public static byte[] npy(int version, String header, byte[] data) {
        int prefix = version == 1 ? 10 : 12;
        int padding = 63 - (prefix + header.length()) % 64;
        byte[] text = (header + " ".repeat(padding) + "\n").getBytes(StandardCharsets.UTF_8);
        ByteBuffer npy = ByteBuffer.allocate(prefix + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        npy.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
        npy.put((byte) version).put((byte) 0);
        if (version == 1) {
            npy.putShort((short) text.length);
        } else {
            npy.putInt(text.length);
        }
        return npy.put(text).put(data).array();
    }

    /** The bytes of some floats. */
    public static byte[] floats(ByteOrder order, float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * 4).order(order);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }

    /** The bytes of some longs. */
    public static byte[] longs(ByteOrder order, long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * 8).order(order);
        bytes.asLongBuffer().put(values);
        return bytes.array();
    }

    private byte[] zip(int method) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> content : entries.entrySet()) {
                zip.putNextEntry(entry(content.getKey(), content.getValue(), method));
                zip.write(content.getValue());
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static ZipEntry entry(String name, byte[] content, int method) {
        CRC32 checksum = new CRC32();
        checksum.update(content);
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(method);
        entry.setSize(content.length);
        entry.setCrc(checksum.getValue());
        entry.setTime(0);
        return entry;
    }
}
