package io.espalier.monitor;

import io.espalier.events.EventSink;
import io.espalier.events.JournalCursor;
import io.espalier.events.PassedOver;
import io.espalier.events.v1.PruningEvent;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Reads a journal, or all journals of a folder, and what is appended to them, until it is closed.
 *
 * <p>A folder's journals are its files that end in {@code .events}; new ones are noticed, and what is no file, a pipe for
 * instance, is passed over. No file is kept open. A journal that is replaced by another one is read from its beginning.
 */
public final class JournalWatch implements AutoCloseable {

    private static final String SUFFIX = ".events";
    private static final long POLL_MILLIS = 300;

    /** Bytes that tell one journal from another: they hold the run's id. */
    private static final int HEAD_BYTES = 128;

    private final Path place;
    private final EventSink sink;
    private final SourceHealth health;
    private final Consumer<PassedOver> onPassedOver;
    private final Map<Path, Position> positions = new LinkedHashMap<>();
    private final Map<Path, String> troubles = new LinkedHashMap<>();
    private Supervised work;

    /**
     * How far a journal was read.
     *
     * @param head its first bytes then
     * @param offset bytes behind it
     * @param state size and time of the file then
     */
    private record Position(byte[] head, long offset, String state) {

        static final Position START = new Position(new byte[0], 0, "");

        boolean isIn(byte[] present, long size) {
            return size >= offset
                    && present.length >= head.length
                    && Arrays.equals(head, 0, head.length, present, 0, head.length);
        }
    }

    private JournalWatch(Path place, EventSink sink, SourceHealth health, Consumer<PassedOver> onPassedOver) {
        this.place = place;
        this.sink = sink;
        this.health = health;
        this.onPassedOver = onPassedOver;
    }

    /**
     * Begins to read, in a thread of its own that is started again should it ever fail.
     *
     * @param place a journal, or a folder; need not exist yet
     * @param sink takes events, from that thread
     * @param health is kept up to date
     * @param onPassedOver receives each stretch of a journal that is no event
     */
    public static JournalWatch start(
            Path place, EventSink sink, SourceHealth health, Consumer<PassedOver> onPassedOver) {
        JournalWatch watch = new JournalWatch(place, sink, health, onPassedOver);
        watch.work = Supervised.start("espalier-journals", health, watch::work);
        return watch;
    }

    private void work() throws InterruptedException {
        while (!Thread.currentThread().isInterrupted()) {
            List<Path> journals = journals();
            positions.keySet().retainAll(journals);
            troubles.keySet().retainAll(journals);
            journals.forEach(this::read);
            health.beat();
            Thread.sleep(POLL_MILLIS);
        }
    }

    private List<Path> journals() {
        if (!Files.isDirectory(place)) {
            return Files.exists(place) ? List.of(place) : List.of();
        }
        try (Stream<Path> files = Files.list(place)) {
            return files.filter(file -> file.getFileName().toString().endsWith(SUFFIX))
                    .filter(file -> !Files.isDirectory(file))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            health.note("the folder " + place + " cannot be read: " + e.getMessage());
            return List.of();
        }
    }

    private void read(Path journal) {
        Position before = positions.getOrDefault(journal, Position.START);
        try {
            long size = Files.size(journal);
            String state = size + " " + Files.getLastModifiedTime(journal);
            if (!state.equals(before.state())) {
                byte[] head = head(journal);
                long offset = before.isIn(head, size) ? before.offset() : 0;
                positions.put(journal, new Position(head, read(journal, offset), state));
            }
        } catch (IOException e) {
            tell(journal, "the journal " + journal + " cannot be read: " + e.getMessage());
        }
    }

    private static byte[] head(Path journal) throws IOException {
        if (!Files.isRegularFile(journal)) {
            return new byte[0];
        }
        try (RandomAccessFile file = new RandomAccessFile(journal.toFile(), "r")) {
            byte[] head = new byte[(int) Math.min(HEAD_BYTES, file.length())];
            int count = file.read(head);
            return Arrays.copyOf(head, Math.max(0, count));
        }
    }

    private long read(Path journal, long offset) throws IOException {
        try (JournalCursor cursor = new JournalCursor(journal, offset, passed -> passedOver(journal, passed))) {
            Optional<PruningEvent> event = cursor.next();
            while (event.isPresent() && !Thread.currentThread().isInterrupted()) {
                sink.accept(event.get());
                health.beat();
                event = cursor.next();
            }
            return cursor.offset();
        }
    }

    private void passedOver(Path journal, PassedOver passed) {
        health.passedOver(
                "passed over byte " + passed.offset() + " of the journal " + journal + ": " + passed.reason());
        onPassedOver.accept(passed);
    }

    /** Once for as long as it is the same. */
    private void tell(Path journal, String sentence) {
        if (!sentence.equals(troubles.put(journal, sentence))) {
            health.note(sentence);
        }
    }

    @Override
    public void close() {
        work.close();
    }
}
