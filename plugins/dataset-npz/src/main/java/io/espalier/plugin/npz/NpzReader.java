package io.espalier.plugin.npz;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.RunContext;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.data.DatasetReader;
import io.espalier.spi.option.Options;
import io.espalier.spi.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * Reads NumPy's npz files: zip archives of npy arrays, versions 1 to 3, of numbers and booleans.
 *
 * <p>Arrays written by {@code numpy.savez} are read in blocks as they are needed. Those of {@code
 * numpy.savez_compressed}, and arrays in Fortran order, are decoded into memory when the file is opened: at most 1 GiB, or
 * half of the heap if that is less. Both byte orders are read. Python objects, structures, text and complex numbers are
 * refused. Entries that are not npy arrays are ignored. Nothing is unpacked to disk.
 */
public final class NpzReader implements DatasetReader {

    private static final long MAX_HEAP_BYTES = 1L << 30;
    private static final int LOCAL_HEADER_BYTES = 30;
    private static final int NAME_LENGTH_OFFSET = 26;

    @Override
    public String name() {
        return "npz";
    }

    @Override
    public String description() {
        return "NumPy npz files: one array per name, the first axis counts examples.";
    }

    @Override
    public boolean recognises(Path file, byte[] head) {
        if (head.length < 4 || head[0] != 'P' || head[1] != 'K') {
            return false;
        }
        return firstEntryName(head).endsWith(".npy")
                || String.valueOf(file.getFileName()).endsWith(".npz");
    }

    @Override
    public Dataset open(Path file, Options options, RunContext context) {
        return open(file, heapBytes(), context);
    }

    Dataset open(Path file, long heapBytes, RunContext context) {
        if (!Files.exists(file)) {
            throw new InvalidInputException("data file '" + file + "' does not exist; check the path");
        }
        if (!Files.isRegularFile(file)) {
            throw new InvalidInputException("'" + file + "' is not a file; name an npz file");
        }
        return read(file, zip -> new NpzArchive(file, zip, heapBytes, context).read());
    }

    @Override
    public Map<String, Tensor> arrays(Path file, Options options, RunContext context) {
        return read(file, zip -> new NpzArchive(file, zip, heapBytes(), context).arrays());
    }

    private static long heapBytes() {
        return Math.min(MAX_HEAP_BYTES, Runtime.getRuntime().maxMemory() / 2);
    }

    /** Reads something of an open archive. */
    @FunctionalInterface
    private interface Reading<T> {
        T of(ZipFile zip) throws IOException;
    }

    private static <T> T read(Path file, Reading<T> reading) {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            return reading.of(zip);
        } catch (ZipException | IllegalArgumentException e) {
            throw new InvalidInputException(
                    "'" + file + "' is not an intact npz file (" + e.getMessage()
                            + "); it may be truncated: write it again with numpy.savez",
                    e);
        } catch (IOException e) {
            throw new InvalidInputException("data file '" + file + "' cannot be read: " + e.getMessage(), e);
        }
    }

    private static String firstEntryName(byte[] head) {
        if (head.length < LOCAL_HEADER_BYTES) {
            return "";
        }
        int length = head[NAME_LENGTH_OFFSET] & 0xFF | (head[NAME_LENGTH_OFFSET + 1] & 0xFF) << 8;
        int present = Math.min(length, head.length - LOCAL_HEADER_BYTES);
        return new String(head, LOCAL_HEADER_BYTES, present, StandardCharsets.UTF_8);
    }
}
