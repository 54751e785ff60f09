package io.espalier.adapter.support;

import io.espalier.spi.InvalidInputException;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A temporary file that takes the place of its target only when it is complete. Not thread-safe. */
public final class PendingFile implements AutoCloseable {

    private static final int ATTEMPTS = 1000;

    private final Path temporary;
    private final WritableByteChannel channel;

    private PendingFile(Path temporary, WritableByteChannel channel) {
        this.temporary = temporary;
        this.channel = channel;
    }

    /** Writes the content of a file. */
    @FunctionalInterface
    public interface Content {

        void write(WritableByteChannel channel) throws IOException;
    }

    /**
     * Writes a file beside its target and moves it into place.
     *
     * @throws InvalidInputException when the target cannot be written; then nothing that existed has changed
     */
    public static void replace(Path target, Content content) {
        Path place = place(target);
        try (PendingFile file = at(place, OutputChannels.FILES)) {
            content.write(file.channel());
            file.commit(place);
        } catch (IOException e) {
            throw failed(target, e);
        }
    }

    /**
     * The place to write to: the target, or the file that it links to.
     *
     * @throws InvalidInputException when the target is no file or lies in no folder
     */
    public static Path place(Path target) {
        Path folder = target.toAbsolutePath().getParent();
        if (folder == null || target.getFileName() == null) {
            throw refused(target, "it is a folder; name a file");
        }
        if (!Files.exists(folder)) {
            throw refused(target, "there is no folder " + folder + "; create it first");
        }
        if (!Files.isDirectory(folder)) {
            throw refused(target, folder + " is a file, not a folder");
        }
        if (Files.isDirectory(target)) {
            throw refused(target, "it is a folder; name a file");
        }
        if (Files.exists(target) && !Files.isRegularFile(target)) {
            throw refused(target, "it is a device, not a file");
        }
        try {
            return Files.isSymbolicLink(target) && Files.exists(target) ? target.toRealPath() : target.toAbsolutePath();
        } catch (IOException e) {
            throw failed(target, e);
        }
    }

    /** Starts the file that will take a place. */
    public static PendingFile at(Path place, OutputChannels channels) throws IOException {
        return in(place.getParent(), place.getFileName().toString(), channels);
    }

    /** Starts a file in a folder; its name is hidden and begins with what it is for. */
    public static PendingFile in(Path folder, String purpose, OutputChannels channels) throws IOException {
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

    /** Takes the content. */
    public WritableByteChannel channel() {
        return channel;
    }

    /** Moves the finished file to its place. */
    public void commit(Path place) throws IOException {
        channel.close();
        try {
            Files.move(temporary, place, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(temporary, place, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            Files.deleteIfExists(temporary);
        }
    }

    /** What is said about a target whose writing failed. */
    public static InvalidInputException failed(Path target, IOException cause) {
        String reason = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return new InvalidInputException("cannot write " + target + ": " + reason + "; nothing was changed", cause);
    }

    private static InvalidInputException refused(Path target, String reason) {
        return new InvalidInputException("cannot write " + target + ": " + reason);
    }
}
