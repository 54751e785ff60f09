package io.espalier.adapter.dl4j;

import io.espalier.adapter.dl4j.store.Archive;
import io.espalier.spi.adapter.AdapterContext;
import io.espalier.spi.adapter.FrameworkAdapter;
import io.espalier.spi.adapter.Model;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipFile;

/** Reads, writes and runs networks that Deeplearning4j 1.0.0-M2.1 saved with its ModelSerializer. Thread-safe. */
public final class Dl4jAdapter implements FrameworkAdapter {

    /** Where the name stands in the header of the first entry. */
    private static final int NAME_OF_FIRST_ENTRY = 30;

    @Override
    public String name() {
        return "dl4j";
    }

    @Override
    public String description() {
        return "Networks of Deeplearning4j saved by ModelSerializer, and Keras .h5 that it imports.";
    }

    @Override
    public boolean recognises(Path file, byte[] head) {
        if (KerasSignature.isHdf5(head)) {
            return KerasSignature.namesConfiguration(file);
        }
        boolean zip = head.length > 3 && head[0] == 'P' && head[1] == 'K' && head[2] == 3 && head[3] == 4;
        return zip && (startsWithConfiguration(head) || holdsNetwork(file));
    }

    /** A file that was cut off has lost its directory, but is opened too, so that the user learns what is wrong. */
    private static boolean startsWithConfiguration(byte[] head) {
        byte[] name = Archive.CONFIGURATION.getBytes(StandardCharsets.US_ASCII);
        int end = NAME_OF_FIRST_ENTRY + name.length;
        return head.length >= end && Arrays.equals(head, NAME_OF_FIRST_ENTRY, end, name, 0, name.length);
    }

    private static boolean holdsNetwork(Path file) {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            return zip.getEntry(Archive.CONFIGURATION) != null && zip.getEntry(Archive.COEFFICIENTS) != null;
        } catch (IOException | RuntimeException e) {
            // Odd content is another adapter's or nobody's.
            return false;
        }
    }

    @Override
    public Model open(Path file, AdapterContext context) {
        return KerasSignature.isHdf5(file) ? KerasFile.open(file) : Dl4jModel.open(file);
    }
}
