package io.espalier.adapter.support;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Creates the files that are written; tests pass devices that fail. */
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
