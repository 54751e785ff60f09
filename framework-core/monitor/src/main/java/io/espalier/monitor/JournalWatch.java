package io.espalier.monitor;

import io.espalier.events.DamagedJournalException;
import io.espalier.events.EventSink;
import io.espalier.events.JournalCursor;
import io.espalier.events.v1.PruningEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Reads a journal, or all journals of a folder, and what is appended to them, until it is closed.
 *
 * <p>A folder's journals are its files that end in {@code .events}; new ones are noticed. No file is kept open. A journal
 * that is replaced by that of another run is read from its beginning; of a damaged one, what lies before the damage.
 */
public final class JournalWatch implements AutoCloseable {

    private static final String SUFFIX = ".events";
    private static final long POLL_MILLIS = 300;
    private static final long JOIN_MILLIS = 3000;

    private final Path place;
    private final EventSink sink;
    private final Consumer<String> onTrouble;
    private final Map<Path, Place> places = new LinkedHashMap<>();
    private final Thread thread = new Thread(this::work, "espalier-journals");
    private volatile boolean closed;
    private String trouble = "";

    /**
     * How far a journal was read.
     *
     * @param runId whose journal it was then
     * @param offset bytes behind it
     * @param state size and time of the file then
     */
    private record Place(String runId, long offset, String state) {
        static final Place START = new Place("", 0, "");
    }

    private JournalWatch(Path place, EventSink sink, Consumer<String> onTrouble) {
        this.place = place;
        this.sink = sink;
        this.onTrouble = onTrouble;
        thread.setDaemon(true);
    }

    /**
     * Begins to read, in a thread of its own.
     *
     * @param place a journal, or a folder; need not exist yet
     * @param onTrouble receives one sentence for each journal that cannot be read
     */
    public static JournalWatch start(Path place, EventSink sink, Consumer<String> onTrouble) {
        JournalWatch watch = new JournalWatch(place, sink, onTrouble);
        watch.thread.start();
        return watch;
    }

    private void work() {
        try {
            while (!closed) {
                for (Path journal : journals()) {
                    read(journal);
                }
                Thread.sleep(POLL_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<Path> journals() {
        if (!Files.isDirectory(place)) {
            return Files.exists(place) ? List.of(place) : List.of();
        }
        try (Stream<Path> files = Files.list(place)) {
            return files.filter(file -> file.getFileName().toString().endsWith(SUFFIX))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            tell("the folder " + place + " cannot be read: " + e.getMessage());
            return List.of();
        }
    }

    private void read(Path journal) {
        Place before = places.getOrDefault(journal, Place.START);
        try {
            String state = Files.size(journal) + " " + Files.getLastModifiedTime(journal);
            if (!state.equals(before.state())) {
                String runId = runId(journal);
                long offset = runId.equals(before.runId()) ? before.offset() : 0;
                places.put(journal, new Place(runId, read(journal, offset), state));
            }
        } catch (IOException e) {
            tell("the journal " + journal + " cannot be read: " + e.getMessage());
        }
    }

    /** Whose journal it is; another run's may have taken the place. Empty when it holds no event yet. */
    private static String runId(Path journal) throws IOException {
        try (JournalCursor cursor = new JournalCursor(journal, 0)) {
            return cursor.next().map(PruningEvent::getRunId).orElse("");
        }
    }

    private long read(Path journal, long offset) throws IOException {
        try (JournalCursor cursor = new JournalCursor(journal, offset)) {
            try {
                Optional<PruningEvent> event = cursor.next();
                while (event.isPresent() && !closed) {
                    sink.accept(event.get());
                    event = cursor.next();
                }
            } catch (DamagedJournalException e) {
                tell(e.getMessage());
            }
            return cursor.offset();
        }
    }

    /** Once for as long as it is the same. */
    private void tell(String sentence) {
        if (!sentence.equals(trouble)) {
            trouble = sentence;
            onTrouble.accept(sentence);
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join(JOIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
