package io.espalier.kafka;

import io.espalier.events.JournalCursor;
import io.espalier.events.JournalReader;
import io.espalier.events.PassedOver;
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
        try (JournalCursor cursor = new JournalCursor(journal, 0, passed -> passedOver(passed, handlers))) {
            boolean ended = skip(cursor);
            ready.run();
            while (!stopped) {
                Optional<PruningEvent> event = cursor.next();
                if (event.isPresent()) {
                    ended |= JournalReader.isLast(event.get());
                    hand(event.get(), handlers);
                } else if (untilEnd || ended) {
                    cursor.rest().ifPresent(onTrouble);
                    return;
                } else {
                    Thread.sleep(POLL_MILLIS);
                }
            }
        }
    }

    private void passedOver(PassedOver passed, EventHandlers handlers) {
        handlers.refuse(new Undecodable(
                "byte " + passed.offset() + " of the journal " + journal,
                passed.reason(),
                new byte[0],
                Optional.empty()));
    }

    /** Reads without handing on what lies there already when only what comes is wanted; returns whether the run has ended. */
    private boolean skip(JournalCursor cursor) throws IOException {
        if (!(from instanceof StartingPoint.Latest)) {
            return false;
        }
        boolean ended = false;
        for (var event = cursor.nextEnvelope(); event.isPresent(); event = cursor.nextEnvelope()) {
            ended |= event.get().isLast();
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
