package io.espalier.adapter.onnx.store;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A temporary file that takes the place of its target only when it is complete. Not thread-safe. */
final class PendingFile implements AutoCloseable {

    private static final int ATTEMPTS = 1000;

    private final Path temporary;
    private final WritableByteChannel channel;

    private PendingFile(Path temporary, WritableByteChannel channel) {
        this.temporary = temporary;
        this.channel = channel;
    }

    /** Starts a file in a folder; its name is hidden and says what it is for. */
    static PendingFile in(Path folder, String purpose, OutputChannels channels) throws IOException {
        for (int i = 0; i < ATTEMPTS; i++) {
            Path temporary =
                    folder.resolve("." + purpose + "." + ProcessHandle.current().pid() + "-" + i + ".tmp");
            try {
                WritableByteChannel channel = channels.create(temporary);
                // The run may be interrupted between here and the end.
                temporary.toFile().deleteOnExit();
                return new PendingFile(temporary, channel);
            } catch (FileAlreadyExistsException e) {
                // Another writer of this process is at work; the next number is free.
            }
        }
        throw new IOException("too many temporary files in " + folder);
    }

    WritableByteChannel channel() {
        return channel;
    }

    /** Moves the finished file to its place. */
    void commit(Path target) throws IOException {
        channel.close();
        try {
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            Files.deleteIfExists(temporary);
        }
    }
}
