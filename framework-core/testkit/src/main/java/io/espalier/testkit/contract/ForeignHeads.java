package io.espalier.testkit.contract;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** How files of many kinds begin; those of known frameworks under the names of their adapters. */
final class ForeignHeads {

    private static final int HEAD_BYTES = 4096;

    private ForeignHeads() {}

    /** Heads by kind, without the kind of one adapter. */
    static Map<String, byte[]> except(String adapter) {
        Map<String, byte[]> heads = new LinkedHashMap<>();
        heads.put("nothing", new byte[0]);
        heads.put("zeros", new byte[HEAD_BYTES]);
        heads.put("text", "Dear reader,\nthese are words.\n".repeat(20).getBytes(StandardCharsets.UTF_8));
        heads.put("json", "{\"layers\": [{\"type\": \"dense\"}]}".getBytes(StandardCharsets.UTF_8));
        // ir_version 8, producer "pytorch", a graph of 1000 bytes that begins with a Relu.
        heads.put("onnx", hex("080812077079746f7263683ae8070a0d0a01781201792204" + "52656c75"));
        heads.put("tflite", tflite());
        heads.put("dl4j", zip("configuration.json", "coefficients.bin", "updaterState.bin"));
        heads.put("jar", zip("META-INF/MANIFEST.MF", "com/example/Main.class"));
        heads.put("npz", zip("arr_0.npy", "arr_1.npy"));
        heads.put("pytorch", zip("archive/data.pkl", "archive/data/0"));
        heads.put("hdf5", Arrays.copyOf(hex("894844460d0a1a0a"), 512));
        heads.put("safetensors", safetensors());
        heads.put("png", Arrays.copyOf(hex("89504e470d0a1a0a0000000d49484452"), 256));
        heads.put("elf", Arrays.copyOf(hex("7f454c46020101"), 256));
        for (int seed = 0; seed < 64; seed++) {
            Random random = new Random(seed);
            byte[] noise = new byte[1 + random.nextInt(HEAD_BYTES)];
            random.nextBytes(noise);
            heads.put("noise of seed " + seed, noise);
        }
        heads.remove(adapter);
        return heads;
    }

    private static byte[] tflite() {
        byte[] head = new byte[256];
        ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).putInt(28).put("TFL3".getBytes(StandardCharsets.US_ASCII));
        return head;
    }

    private static byte[] safetensors() {
        byte[] header =
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}".getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(header.length + 12)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .array();
    }

    private static byte[] zip(String... entries) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (String entry : entries) {
                zip.putNextEntry(new ZipEntry(entry));
                zip.write(("content of " + entry).getBytes(StandardCharsets.UTF_8));
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }
}
