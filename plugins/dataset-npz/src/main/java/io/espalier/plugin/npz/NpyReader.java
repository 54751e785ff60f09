package io.espalier.plugin.npz;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.RunContext;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.data.DatasetReader;
import io.espalier.spi.option.Options;
import io.espalier.spi.tensor.Tensor;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Reads NumPy's npy files: one array, which is named like the file. It is decoded into memory when the file is opened: at
 * most 1 GiB, or a quarter of the heap if that is less.
 */
public final class NpyReader implements DatasetReader {

    private static final String SUFFIX = ".npy";
    private static final long MAX_HEAP_BYTES = 1L << 30;

    /** An array in Fortran order is held twice while it is turned. */
    private static final int SHARE_OF_HEAP = 4;

    @Override
    public String name() {
        return "npy";
    }

    @Override
    public String description() {
        return "NumPy npy files: one array, the first axis counts examples.";
    }

    @Override
    public boolean recognises(Path file, byte[] head) {
        return NpyHeader.begins(head);
    }

    @Override
    public Dataset open(Path file, Options options, RunContext context) {
        Map<String, Tensor> arrays = arrays(file, options, context);
        return new ArrayDataset(NpzArchive.commonSize(file, arrays), arrays);
    }

    @Override
    public Map<String, Tensor> arrays(Path file, Options options, RunContext context) {
        context.checkCancelled();
        String owner = "the array in '" + file + "'";
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            NpyHeader header = NpyHeader.read(owner, in);
            long held = Files.size(file) - header.bytes();
            if (held != header.dataBytes()) {
                throw new InvalidInputException(owner + " declares shape " + header.shape() + " of "
                        + header.typeName() + ", which takes " + header.dataBytes() + " bytes, but holds " + held
                        + "; it is truncated or damaged");
            }
            long most = Math.min(MAX_HEAP_BYTES, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);
            if (held > most) {
                throw new InvalidInputException(owner + " takes " + held + " bytes, more than the " + most
                        + " that are decoded in memory; save it with numpy.savez, which is read in blocks");
            }
            byte[] data = in.readNBytes(Math.toIntExact(held));
            return Map.of(name(file), NpzArchive.decoded(header, data));
        } catch (IOException e) {
            throw new InvalidInputException("data file '" + file + "' cannot be read: " + e.getMessage(), e);
        }
    }

    private static String name(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
    }
}
