package io.espalier.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;

/** First bytes of files, by which plug-ins recognise them. */
final class FileSignature {

    private static final int BYTES = 4096;

    private FileSignature() {}

    /**
     * Reads the first bytes of a file.
     *
     * @param failure makes the exception from what is wrong
     */
    static byte[] of(Path file, Function<String, Failure> failure) {
        if (Files.isDirectory(file)) {
            throw failure.apply("'" + file + "' is a folder; name a file in it");
        }
        if (!Files.exists(file)) {
            throw failure.apply("there is no file '" + file + "'; check the path");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(BYTES);
        } catch (IOException e) {
            throw failure.apply("'" + file + "' cannot be read: " + e);
        }
    }
}
