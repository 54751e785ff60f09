package io.espalier.adapter.onnx.run;

import io.espalier.spi.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The longest command line of a process that can load onnxruntime. On Linux its library reads the command line into a buffer of
 * fixed size while it is loaded: onnxruntime 1.29 ends the process with a segmentation fault when there are more than 3980 bytes.
 */
final class CommandLineLimit {

    private static final Path OF_THIS_PROCESS = Path.of("/proc/self/cmdline");
    private static final int MOST_BYTES = 3900;

    private CommandLineLimit() {}

    /**
     * Refuses to go on where loading onnxruntime would crash the process.
     *
     * @throws InvalidInputException when the command line is too long
     */
    static void require() {
        require(OF_THIS_PROCESS);
    }

    /** The same for the command line in a file; where there is no such file, the library reads none either. */
    static void require(Path commandLine) {
        if (!Files.isReadable(commandLine)) {
            return;
        }
        int bytes = length(commandLine);
        if (bytes > MOST_BYTES) {
            throw new InvalidInputException("The command line of this process has " + bytes
                    + " bytes, and onnxruntime crashes when it is loaded with more than " + MOST_BYTES
                    + "; give a long class path in the environment variable CLASSPATH, long arguments in a file as @FILE,"
                    + " or shorter paths.");
        }
    }

    /** Files of the kernel have no size: they are read to learn it. */
    private static int length(Path commandLine) {
        try {
            return Files.readAllBytes(commandLine).length;
        } catch (IOException e) {
            throw new InvalidInputException("The file " + commandLine + " cannot be read: " + e.getMessage() + ".", e);
        }
    }
}
