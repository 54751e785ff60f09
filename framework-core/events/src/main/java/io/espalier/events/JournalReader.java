package io.espalier.events;

import io.espalier.events.v1.PruningEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Reads journals, whole or while they grow. */
public final class JournalReader {

    private JournalReader() {}

    /**
     * What a journal holds.
     *
     * @param events every event, in order
     * @param truncatedAt where the last event ends, when something else follows: the file was cut, or is being written
     * @param damage what follows there; empty when a record is merely incomplete or nothing follows
     * @param passedOver how many stretches that are no events were passed over
     */
    public record Content(
            List<PruningEvent> events, OptionalLong truncatedAt, Optional<String> damage, long passedOver) {

        public Content {
            events = List.copyOf(events);
        }

        /** Whether the last event of the run was read. */
        public boolean ended() {
            return !events.isEmpty() && isLast(events.get(events.size() - 1));
        }
    }

    /** How following a journal ended. */
    public enum End {
        /** The last event of the run was read. */
        RUN_ENDED,
        /** The follower was stopped. */
        CANCELLED
    }

    /**
     * Reads all events; never fails for what lies between and behind them.
     *
     * @throws IOException when the file cannot be read
     */
    public static Content read(Path file) throws IOException {
        List<PruningEvent> events = new ArrayList<>();
        long[] passedOver = {0};
        try (JournalCursor cursor = new JournalCursor(file, 0, passed -> passedOver[0]++)) {
            Optional<PruningEvent> event = cursor.next();
            while (event.isPresent()) {
                events.add(event.get());
                event = cursor.next();
            }
            OptionalLong truncated = cursor.remaining() == 0 ? OptionalLong.empty() : OptionalLong.of(cursor.offset());
            return new Content(events, truncated, cursor.obstacle(), passedOver[0]);
        }
    }

    /**
     * Hands every event to a handler, those that lie there and those that come, until the run ends. Waits for a file
     * that does not exist yet.
     *
     * @param poll how long to wait when nothing new lies there
     * @param cancelled asked before every wait and between events
     * @throws JournalException when another file takes its place
     */
    public static End follow(Path file, Duration poll, BooleanSupplier cancelled, Consumer<PruningEvent> handler)
            throws IOException, InterruptedException {
        while (!Files.exists(file)) {
            if (cancelled.getAsBoolean()) {
                return End.CANCELLED;
            }
            Thread.sleep(poll.toMillis());
        }
        try (JournalCursor cursor = new JournalCursor(file, 0)) {
            return follow(cursor, poll, cancelled, handler);
        }
    }

    /** As {@link #follow(Path, Duration, BooleanSupplier, Consumer)}, from the position of a cursor. */
    public static End follow(
            JournalCursor cursor, Duration poll, BooleanSupplier cancelled, Consumer<PruningEvent> handler)
            throws IOException, InterruptedException {
        boolean ended = false;
        while (!cancelled.getAsBoolean()) {
            Optional<PruningEvent> event = cursor.next();
            if (event.isPresent()) {
                handler.accept(event.get());
                ended |= isLast(event.get());
            } else if (ended) {
                return End.RUN_ENDED;
            } else {
                Thread.sleep(poll.toMillis());
            }
        }
        return End.CANCELLED;
    }

    /** Whether an event is the last one of its run. */
    public static boolean isLast(PruningEvent event) {
        return event.hasRunFinished() || event.hasRunFailed();
    }
}
