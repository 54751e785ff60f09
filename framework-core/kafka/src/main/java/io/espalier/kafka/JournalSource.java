package io.espalier.kafka;

import io.espalier.events.JournalCursor;
import io.espalier.events.JournalReader;
import io.espalier.events.v1.PruningEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads a journal: the events already in it and, by default, those appended later, until the last event of the run. */
final class JournalSource implements EventSource {

    private static final long POLL_MILLIS = 50;

    private final Path journal;
    private final StartingPoint from;
    private final boolean untilEnd;
    private final Consumer<String> onTrouble;
    private volatile boolean stopped;

    JournalSource(Path journal, StartingPoint from, boolean untilEnd, Consumer<String> onTrouble) {
        this.journal = journal;
        this.from = from;
        this.untilEnd = untilEnd;
        this.onTrouble = onTrouble;
    }

    @Override
    public void read(EventHandlers handlers, Runnable ready) throws IOException, InterruptedException {
        while (!untilEnd && !stopped && !Files.exists(journal)) {
            Thread.sleep(POLL_MILLIS);
        }
        if (stopped) {
            return;
        }
        try (JournalCursor cursor = new JournalCursor(journal, 0)) {
            boolean ended = skip(cursor);
            ready.run();
            while (!stopped && !ended) {
                Optional<PruningEvent> event = cursor.next();
                if (event.isPresent()) {
                    ended = JournalReader.isLast(event.get());
                    hand(event.get(), handlers);
                } else if (untilEnd) {
                    tellCut(cursor);
                    return;
                } else {
                    Thread.sleep(POLL_MILLIS);
                }
            }
        }
    }

    private void tellCut(JournalCursor cursor) throws IOException {
        if (cursor.remaining() > 0) {
            onTrouble.accept("the journal " + journal + " was cut in the middle of an event at byte " + cursor.offset()
                    + "; what lies before is complete");
        }
    }

    /** Passes over what lies there already when only what comes is wanted; returns whether nothing can come. */
    private boolean skip(JournalCursor cursor) throws IOException {
        if (!(from instanceof StartingPoint.Latest)) {
            return false;
        }
        Optional<PruningEvent> event = cursor.next();
        boolean ended = false;
        while (event.isPresent()) {
            ended = JournalReader.isLast(event.get());
            event = cursor.next();
        }
        return ended;
    }

    private void hand(PruningEvent event, EventHandlers handlers) {
        Instant time = Instant.ofEpochSecond(
                event.getTime().getSeconds(), event.getTime().getNanos());
        if (!(from instanceof StartingPoint.Time since) || !time.isBefore(since.instant())) {
            handlers.take(event, "event " + event.getSequence() + " of the journal " + journal);
        }
    }

    @Override
    public void stop() {
        stopped = true;
    }
}
