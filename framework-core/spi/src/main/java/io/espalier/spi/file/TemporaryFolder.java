package io.espalier.spi.file;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Stability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A folder for files that live shortly, such as those that a native library reads; closing it deletes it.
 *
 * <p>It lies in a folder of this process among the temporary files of the JVM ({@code java.io.tmpdir}). What cannot be
 * deleted yet, because it is mapped into memory, is deleted when the process ends, and what a killed process left is
 * deleted by the next process that needs such a folder.
 *
 * @param path the folder
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public record TemporaryFolder(Path path) implements AutoCloseable {

    /**
     * Makes a new folder.
     *
     * @throws InvalidInputException when it cannot be made
     */
    public static TemporaryFolder create() {
        try {
            return new TemporaryFolder(Files.createTempDirectory(ProcessFolder.current(), ""));
        } catch (IOException e) {
            throw new InvalidInputException(
                    "No folder can be made among the temporary files in " + ProcessFolder.TEMPORARY + " ("
                            + e.getMessage() + "); name another place with -Djava.io.tmpdir.",
                    e);
        }
    }

    /** The place of a file in this folder. */
    public Path file(String name) {
        return path.resolve(name);
    }

    @Override
    public void close() {
        ProcessFolder.deleteNowOrAtTheEnd(path);
    }
}
