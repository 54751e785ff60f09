package io.espalier.adapter.dl4j.store;

import io.espalier.adapter.support.PendingFile;
import io.espalier.spi.InvalidInputException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes archives: the same entries in the same order at one fixed time, moved into place when complete. */
public final class ArchiveWriter {

    /** Not the first moment that an archive can name: Java takes that for an earlier one, and adds the time zone. */
    private static final LocalDateTime TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

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
        PendingFile.replace(target, channel -> write(Channels.newOutputStream(channel), contents));
    }

    private static void write(OutputStream out, Map<String, Content> contents) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(new BufferedOutputStream(out))) {
            for (Map.Entry<String, Content> content : contents.entrySet()) {
                ZipEntry entry = new ZipEntry(content.getKey());
                entry.setTimeLocal(TIME);
                zip.putNextEntry(entry);
                content.getValue().write(zip);
                zip.closeEntry();
            }
        }
    }
}
