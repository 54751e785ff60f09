package io.espalier.adapter.onnx.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Where written bytes go; tests put a failing device here. */
@FunctionalInterface
public interface OutputChannels {

    /** Real files. */
    OutputChannels FILES = file -> FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

    /**
     * Creates a file.
     *
     * @throws java.nio.file.FileAlreadyExistsException when there is one of that name
     */
    WritableByteChannel create(Path file) throws IOException;
}
