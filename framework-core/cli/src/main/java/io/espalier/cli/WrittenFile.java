package io.espalier.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files that a command writes beside what it prints. */
final class WrittenFile {

    private WrittenFile() {}

    /** Writes bytes. */
    static Path write(Path file, byte... bytes) {
        try {
            return Files.write(file, bytes);
        } catch (IOException e) {
            throw Failure.of(ExitCode.FAILED, "'" + file + "' cannot be written: " + e, e);
        }
    }
}
