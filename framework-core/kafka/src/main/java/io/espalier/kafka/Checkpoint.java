package io.espalier.kafka;

import io.espalier.events.JournalCursor;
import io.espalier.kafka.Progress.Position;
import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Properties;

/**
 * The file beside a journal that says how far it was sent, to which topic of which cluster.
 *
 * <p>Replaced as a whole: written beside, forced to the disk, moved into place. It is allowed to be late or lost, since
 * what is sent twice is recognised by run id and sequence; it is never ahead of what Kafka has acknowledged.
 */
final class Checkpoint {

    private static final String SUFFIX = ".sent";

    private final Path journal;
    private final String runId;
    private final String cluster;
    private final String topic;

    Checkpoint(Path journal, String runId, String cluster, String topic) {
        this.journal = journal;
        this.runId = runId;
        this.cluster = cluster;
        this.topic = topic;
    }

    static Path file(Path journal) {
        return journal.resolveSibling(journal.getFileName() + SUFFIX);
    }

    /** Where to go on; the beginning when nothing, or nothing that fits this journal and this topic, was noted. */
    Position load() throws IOException {
        Properties noted = new Properties();
        try (Reader reader = Files.newBufferedReader(file(journal), StandardCharsets.UTF_8)) {
            noted.load(reader);
            Position position =
                    new Position(number(noted, "events"), number(noted, "offset"), number(noted, "refused"));
            return isOurs(noted) && fits(position) ? position : Position.START;
        } catch (IOException | IllegalArgumentException e) {
            return Position.START;
        }
    }

    private boolean isOurs(Properties noted) {
        return runId.equals(noted.getProperty("run"))
                && cluster.equals(noted.getProperty("cluster"))
                && topic.equals(noted.getProperty("topic"));
    }

    private static long number(Properties noted, String name) {
        return Long.parseLong(noted.getProperty(name, ""));
    }

    /** Whether so many events of the journal end where the position is. */
    private boolean fits(Position position) throws IOException {
        try (JournalCursor cursor = new JournalCursor(journal, 0)) {
            long events = 0;
            while (cursor.offset() < position.offset() && cursor.nextEnvelope().isPresent()) {
                events++;
            }
            return cursor.offset() == position.offset() && events == position.events();
        }
    }

    void save(Position position) throws IOException {
        Properties noted = new Properties();
        noted.setProperty("run", runId);
        noted.setProperty("cluster", cluster);
        noted.setProperty("topic", topic);
        noted.setProperty("events", Long.toString(position.events()));
        noted.setProperty("offset", Long.toString(position.offset()));
        noted.setProperty("refused", Long.toString(position.refused()));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Writer writer = new OutputStreamWriter(bytes, StandardCharsets.UTF_8)) {
            noted.store(writer, "How far the journal was sent to Kafka. If this file is deleted, all is sent again.");
        }
        replace(file(journal), bytes.toByteArray());
    }

    /** Not through a channel, which an interrupt would close in the middle. */
    private static void replace(Path target, byte[] content) throws IOException {
        Path written = target.resolveSibling("." + target.getFileName() + ".new");
        try (FileOutputStream out = new FileOutputStream(written.toFile())) {
            out.write(content);
            out.getFD().sync();
        }
        try {
            Files.move(written, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(written, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
