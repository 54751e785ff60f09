package io.espalier.adapter.dl4j.store;

import io.espalier.spi.InvalidInputException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes archives: the same entries in the same order at one fixed time, moved into place when complete. */
public final class ArchiveWriter {

    /** Not the first moment that an archive can name: Java takes that for an earlier one, and adds the time zone. */
    private static final LocalDateTime TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

    private static final int ATTEMPTS = 1000;

    private ArchiveWriter() {}

    /** Writes the content of one entry. */
    @FunctionalInterface
    public interface Content {

        void write(OutputStream out) throws IOException;
    }

    /**
     * Writes an archive with some entries changed or added.
     *
     * @param original where the other entries come from; may lie at the target
     * @param changed new content by entry name; entries that the original has not follow at the end
     * @throws InvalidInputException when the target cannot be written; then nothing that existed has changed
     */
    public static void write(Archive original, Map<String, Content> changed, Path target) {
        Map<String, Content> contents = new LinkedHashMap<>();
        for (String entry : original.entries()) {
            contents.put(entry, out -> out.write(original.read(entry, original.size(entry))));
        }
        contents.putAll(changed);
        if (Files.isDirectory(target)) {
            throw new InvalidInputException("The file " + target + " cannot be written: it is a folder.");
        }
        try {
            Path temporary = create(target);
            try {
                write(temporary, contents);
                move(temporary, target);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw new InvalidInputException("The file " + target + " cannot be written: " + reason(e) + ".", e);
        }
    }

    private static String reason(IOException e) {
        if (e instanceof NoSuchFileException || e instanceof NotDirectoryException) {
            return "its folder does not exist";
        }
        if (e instanceof AccessDeniedException) {
            return "access is denied";
        }
        String reason = e instanceof FileSystemException system ? system.getReason() : e.getMessage();
        return reason == null ? "the file system refuses" : reason;
    }

    private static Path create(Path target) throws IOException {
        Path folder = target.toAbsolutePath().getParent();
        for (int i = 0; i < ATTEMPTS; i++) {
            Path temporary = folder.resolve(
                    "." + target.getFileName() + "." + ProcessHandle.current().pid() + "-" + i + ".tmp");
            try {
                Files.newOutputStream(temporary, StandardOpenOption.CREATE_NEW).close();
                // The run may be interrupted between here and the end.
                temporary.toFile().deleteOnExit();
                return temporary;
            } catch (FileAlreadyExistsException e) {
                // Another writer of this process is at work; the next number is free.
            }
        }
        throw new IOException("too many temporary files in " + folder);
    }

    private static void write(Path temporary, Map<String, Content> contents) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(temporary)))) {
            for (Map.Entry<String, Content> content : contents.entrySet()) {
                ZipEntry entry = new ZipEntry(content.getKey());
                entry.setTimeLocal(TIME);
                zip.putNextEntry(entry);
                content.getValue().write(zip);
                zip.closeEntry();
            }
        }
    }

    private static void move(Path temporary, Path target) throws IOException {
        try {
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
