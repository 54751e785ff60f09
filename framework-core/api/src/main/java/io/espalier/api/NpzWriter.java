package io.espalier.api;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes arrays as an uncompressed npz file: the same arrays give the same bytes. */
final class NpzWriter {

    private static final Map<DataType, String> TYPES = Map.ofEntries(
            Map.entry(DataType.FLOAT16, "<f2"),
            Map.entry(DataType.FLOAT32, "<f4"),
            Map.entry(DataType.FLOAT64, "<f8"),
            Map.entry(DataType.INT8, "|i1"),
            Map.entry(DataType.INT16, "<i2"),
            Map.entry(DataType.INT32, "<i4"),
            Map.entry(DataType.INT64, "<i8"),
            Map.entry(DataType.UINT8, "|u1"),
            Map.entry(DataType.UINT16, "<u2"),
            Map.entry(DataType.UINT32, "<u4"),
            Map.entry(DataType.UINT64, "<u8"),
            Map.entry(DataType.BOOL, "|b1"));

    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
    private static final int ALIGNMENT = 64;
    private static final int BLOCK = 1 << 14;
    private static final LocalDateTime NO_CLOCK = LocalDateTime.of(1980, 1, 1, 0, 0);

    private NpzWriter() {}

    /** Writes a file; what was there is replaced when the new one is complete. */
    static void write(Path file, Map<String, Column> arrays) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            Path temporary = Files.createTempFile(folder, ".espalier-", ".npz");
            try {
                try (ZipOutputStream zip =
                        new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(temporary)))) {
                    for (Map.Entry<String, Column> array : arrays.entrySet()) {
                        write(zip, array.getKey(), array.getValue());
                    }
                }
                Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(ZipOutputStream zip, String name, Column column) throws IOException {
        byte[] header = header(name, column);
        CRC32 checksum = new CRC32();
        checksum.update(header);
        column.blocks().accept(block -> forEachBlock(block, checksum::update));
        long elements = column.shape().stream().reduce(1L, Math::multiplyExact);
        ZipEntry entry = new ZipEntry(name + ".npy");
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(header.length + elements * column.type().bytes());
        entry.setCrc(checksum.getValue());
        entry.setTimeLocal(NO_CLOCK);
        zip.putNextEntry(entry);
        zip.write(header);
        column.blocks().accept(block -> forEachBlock(block, bytes -> put(zip, bytes)));
        zip.closeEntry();
    }

    private static void put(OutputStream out, ByteBuffer bytes) {
        try {
            out.write(bytes.array(), 0, bytes.limit());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void forEachBlock(Tensor tensor, Consumer<ByteBuffer> consumer) {
        int width = tensor.type().bytes();
        for (long from = 0; from < tensor.size(); from += BLOCK) {
            int count = (int) Math.min(BLOCK, tensor.size() - from);
            ByteBuffer block = ByteBuffer.allocate(count * width);
            tensor.read(from, block);
            consumer.accept(block.flip());
        }
    }

    private static byte[] header(String name, Column column) {
        String type = TYPES.get(column.type());
        if (type == null) {
            throw new InvalidInputException(
                    "the array '" + name + "' holds " + column.type() + ", which npz files cannot hold");
        }
        List<Long> shape = column.shape();
        String extents = shape.stream().map(String::valueOf).collect(Collectors.joining(", "));
        String text = "{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + extents
                + (shape.size() == 1 ? "," : "") + "), }";
        int used = MAGIC.length + Short.BYTES + text.length() + 1;
        int length = text.length() + 1 + Math.floorMod(-used, ALIGNMENT);
        byte[] header = new byte[MAGIC.length + Short.BYTES + length];
        Arrays.fill(header, (byte) ' ');
        System.arraycopy(MAGIC, 0, header, 0, MAGIC.length);
        header[MAGIC.length] = (byte) length;
        header[MAGIC.length + 1] = (byte) (length >> 8);
        byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(ascii, 0, header, MAGIC.length + Short.BYTES, ascii.length);
        header[header.length - 1] = '\n';
        return header;
    }
}
