package io.espalier.plugin.npz;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.RunContext;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** Turns the entries of an open archive into arrays, within a budget of heap. */
final class NpzArchive {

    private static final String SUFFIX = ".npy";
    /** Deflate cannot shrink data more than 1032 times. */
    private static final long MAX_COMPRESSION = 1032;

    private final Path file;
    private final ZipFile zip;
    private final long heapBytes;
    private final RunContext context;
    private long heapLeft;

    NpzArchive(Path file, ZipFile zip, long heapBytes, RunContext context) {
        this.file = file;
        this.zip = zip;
        this.heapBytes = heapBytes;
        this.context = context;
        this.heapLeft = heapBytes;
    }

    Dataset read() throws IOException {
        Map<String, Tensor> arrays = arrays();
        return new ArrayDataset(commonSize(file, arrays), arrays);
    }

    /** All arrays by name, in file order. */
    Map<String, Tensor> arrays() throws IOException {
        Map<String, Tensor> arrays = new LinkedHashMap<>();
        for (ZipEntry entry : Collections.list(zip.entries())) {
            context.checkCancelled();
            if (entry.getName().endsWith(SUFFIX)) {
                String name = entry.getName().substring(0, entry.getName().length() - SUFFIX.length());
                if (arrays.put(name, array("array '" + name + "' in '" + file + "'", entry)) != null) {
                    throw new InvalidInputException("array '" + name + "' is in '" + file + "' twice; write it again");
                }
            }
        }
        return arrays;
    }

    private Tensor array(String owner, ZipEntry entry) throws IOException {
        try (InputStream in = zip.getInputStream(entry)) {
            NpyHeader header = NpyHeader.read(owner, in);
            long held = entry.getSize() - header.bytes();
            if (held != header.dataBytes()) {
                throw new InvalidInputException(owner + " declares shape " + header.shape() + " of "
                        + header.typeName() + ", which takes " + header.dataBytes() + " bytes, but holds " + held
                        + "; it is truncated or damaged");
            }
            if (entry.getMethod() == ZipEntry.STORED && header.isRowMajor()) {
                return new StoredArray(file, entry.getName(), entry.getSize(), header);
            }
            return decode(owner, entry, header, in);
        } catch (EOFException | ZipException e) {
            throw new InvalidInputException(owner + " is damaged (" + e.getMessage() + "); write the file again", e);
        }
    }

    private Tensor decode(String owner, ZipEntry entry, NpyHeader header, InputStream in) throws IOException {
        if (header.dataBytes() / MAX_COMPRESSION > entry.getCompressedSize()) {
            throw new InvalidInputException(owner + " declares " + header.dataBytes() + " bytes, more than its "
                    + entry.getCompressedSize() + " compressed bytes can hold; it is damaged");
        }
        if (header.dataBytes() > heapLeft) {
            throw new InvalidInputException(owner + " brings the data to be decoded in memory above " + heapBytes
                    + " bytes; save it uncompressed in C order (numpy.savez), which is read in blocks");
        }
        heapLeft -= header.dataBytes();
        byte[] data = new byte[Math.toIntExact(header.dataBytes())];
        if (in.readNBytes(data, 0, data.length) < data.length || in.read() >= 0) {
            throw new ZipException("its length differs from what the archive says");
        }
        return decoded(header, data);
    }

    /** An array of elements as they lie in a file. */
    static Tensor decoded(NpyHeader header, byte[] data) {
        header.toLittleEndian(data, 0, data.length);
        byte[] rowMajor = header.isRowMajor() ? data : FortranOrder.toRowMajor(data, header);
        return Tensors.of(
                header.type(), header.shape(), ByteBuffer.wrap(rowMajor).order(ByteOrder.LITTLE_ENDIAN));
    }

    /** The number of examples that all arrays of a file have. */
    static long commonSize(Path file, Map<String, Tensor> arrays) {
        if (arrays.isEmpty()) {
            throw new InvalidInputException(
                    "'" + file + "' holds no arrays; write it with numpy.savez(file, image=..., label=...)");
        }
        Map.Entry<String, Tensor> first = arrays.entrySet().iterator().next();
        long size = -1;
        for (Map.Entry<String, Tensor> array : arrays.entrySet()) {
            List<Long> shape = array.getValue().shape();
            if (shape.isEmpty() || shape.get(0) == 0) {
                throw new InvalidInputException("array '" + array.getKey() + "' in '" + file
                        + "' has no examples: its shape is " + shape + "; the first axis must count examples");
            }
            if (size >= 0 && shape.get(0) != size) {
                throw new InvalidInputException("arrays '" + first.getKey() + "' and '" + array.getKey() + "' in '"
                        + file + "' have " + size + " and " + shape.get(0)
                        + " examples; the first axes must have the same length");
            }
            size = shape.get(0);
        }
        return size;
    }
}
