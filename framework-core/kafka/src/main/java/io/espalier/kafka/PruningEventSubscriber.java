package io.espalier.kafka;

import com.google.protobuf.Message;
import io.espalier.events.v1.PruningEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Hands the events of pruning runs to a program, from Kafka or from a journal file, in the order of each run.
 *
 * <pre>{@code
 * try (PruningEventSubscriber subscriber = PruningEventSubscriber.builder()
 *         .bootstrap("localhost:9092")
 *         .group("my-dashboard")
 *         .on(RunFinished.class, (event, finished) -> System.out.println(event.getRunId()))
 *         .start()) {
 *     subscriber.await();
 * }
 * }</pre>
 *
 * <p><b>Delivery.</b> Handlers run in one thread of the subscriber. An event that comes again is recognised by run id and
 * sequence and dropped; for that, ranges of sequence numbers of the 10,000 most recent runs are kept in memory. With a
 * {@linkplain Builder#group group}, what was handled is committed after the handlers returned: after a crash, or when the
 * group is rebalanced, its next members handle the events of at most one batch again.
 *
 * <p><b>Failures.</b> What is no event, or has a payload of a newer version, is counted and given to
 * {@link Builder#onUndecodable}, and reading continues. A handler that throws ends the subscriber; its event is not
 * committed. Brokers that are away are waited for.
 *
 * <p>Thread-safe; {@link #close()} may be called from any thread, handlers included.
 */
public final class PruningEventSubscriber implements AutoCloseable {

    private final EventSource source;
    private final EventHandlers handlers;
    private final Runnable onEnd;
    private final Thread thread;
    private final CountDownLatch ready = new CountDownLatch(1);
    private volatile RuntimeException failure;

    private PruningEventSubscriber(EventSource source, EventHandlers handlers, Runnable onEnd) {
        this.source = source;
        this.onEnd = onEnd;
        this.handlers = handlers;
        this.thread = new Thread(this::work, "pruning-event-subscriber");
        thread.setContextClassLoader(PruningEventSubscriber.class.getClassLoader());
    }

    /** A new subscriber to be described. */
    public static Builder builder() {
        return new Builder();
    }

    private void work() {
        try {
            source.read(handlers, ready::countDown);
        } catch (RuntimeException e) {
            failure = e;
        } catch (IOException e) {
            failure = new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            ready.countDown();
            onEnd.run();
        }
    }

    /**
     * Waits until it is decided which event comes first, so that no later one is missed.
     *
     * @return whether that was so in time
     */
    public boolean awaitReady(Duration patience) throws InterruptedException {
        return ready.await(patience.toMillis(), TimeUnit.MILLISECONDS) && failure == null;
    }

    /**
     * Waits until no more events come: the subscriber was closed, or has read to the end that was asked for.
     *
     * @throws KafkaTroubleException when Kafka refuses what no waiting can help
     * @throws RuntimeException what a handler has thrown
     * @throws UncheckedIOException when a journal cannot be read, or is damaged
     */
    public void await() throws InterruptedException {
        thread.join();
        if (failure != null) {
            throw failure;
        }
    }

    /** Events that all handlers have had. */
    public long handled() {
        return handlers.handled();
    }

    /** Records that no handler was given, because they are no events or have payloads of a newer version. */
    public long undecodable() {
        return handlers.undecodable();
    }

    /** Events that came again and were dropped. */
    public long duplicates() {
        return handlers.duplicates();
    }

    /** Ends reading, after the handler that is at work has returned, and commits what was handled. */
    @Override
    public void close() {
        source.stop();
        if (Thread.currentThread() == thread) {
            return;
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Describes a subscriber: source, starting point and handlers. Not thread-safe. */
    public static final class Builder {

        private final List<Consumer<PruningEvent>> handlers = new ArrayList<>();
        private KafkaSettings settings;
        private String topic;
        private Path journal;
        private String group;
        private String runId;
        private StartingPoint from;
        private boolean untilEnd;
        private Consumer<Undecodable> onUndecodable = record -> {};
        private Consumer<String> onTrouble = sentence -> {};
        private Runnable onEnd = () -> {};

        private Builder() {}

        /** Reads from brokers that need no login: {@code host:port}, several separated by commas. */
        public Builder bootstrap(String bootstrap) {
            return kafka(KafkaSettings.of(bootstrap));
        }

        /** Reads from Kafka. */
        public Builder kafka(KafkaSettings kafka) {
            settings = Objects.requireNonNull(kafka);
            return this;
        }

        /** Reads another topic than {@value KafkaSettings#TOPIC}. */
        public Builder topic(String name) {
            topic = name;
            return this;
        }

        /** Reads a journal file instead of Kafka, and ends where the run ends. */
        public Builder journal(Path file) {
            journal = Objects.requireNonNull(file);
            return this;
        }

        /**
         * Shares the work with other subscribers of the same name, and continues where they stopped. Without a group the
         * whole topic is read, and nothing is remembered.
         */
        public Builder group(String name) {
            group = Objects.requireNonNull(name);
            return this;
        }

        /** Begins with the oldest event there is, unless the group has been further; the default for a journal. */
        public Builder fromBeginning() {
            from = new StartingPoint.Beginning();
            return this;
        }

        /** Begins with the next event that comes, unless the group has a place to go on; the default for Kafka. */
        public Builder fromLatest() {
            from = new StartingPoint.Latest();
            return this;
        }

        /** Begins with the first event that arrived on Kafka, or was written to the journal, since a time. */
        public Builder from(Instant instant) {
            from = new StartingPoint.Time(instant);
            return this;
        }

        /** Ends at what is the end now, instead of waiting for more. Not for groups. */
        public Builder untilEnd() {
            untilEnd = true;
            return this;
        }

        /** Takes the events of one run only. */
        public Builder run(String id) {
            runId = id;
            return this;
        }

        /** Tells of every event. */
        public Builder onEvent(Consumer<PruningEvent> handler) {
            handlers.add(handler);
            return this;
        }

        /**
         * Tells of the events of one type.
         *
         * @param type class of the payload, such as {@code RunFinished}
         * @throws IllegalArgumentException when no event carries such a payload
         */
        public <M extends Message> Builder on(Class<M> type, BiConsumer<PruningEvent, M> handler) {
            handlers.add(EventHandlers.forType(type, handler));
            return this;
        }

        /** Tells of what no handler is given. */
        public Builder onUndecodable(Consumer<Undecodable> callback) {
            onUndecodable = callback;
            return this;
        }

        /** Tells, in a sentence, why Kafka is being waited for, or what is wrong with the end of a journal. */
        public Builder onTrouble(Consumer<String> callback) {
            onTrouble = callback;
            return this;
        }

        /** Tells that no more events come, for whatever reason; {@link PruningEventSubscriber#await} then says which. */
        public Builder onEnd(Runnable callback) {
            onEnd = callback;
            return this;
        }

        /**
         * Begins to read, in a thread of its own.
         *
         * @throws IllegalStateException when it is not clear where events come from
         */
        public PruningEventSubscriber start() {
            PruningEventSubscriber subscriber = new PruningEventSubscriber(source(), handlers(), onEnd);
            subscriber.thread.start();
            return subscriber;
        }

        private EventHandlers handlers() {
            return new EventHandlers(handlers, event -> runId == null || runId.equals(event.getRunId()), onUndecodable);
        }

        private EventSource source() {
            if ((settings == null) == (journal == null)) {
                throw new IllegalStateException("a subscriber reads either Kafka or a journal");
            }
            if (untilEnd && group != null) {
                throw new IllegalStateException("a group has no end: leave out untilEnd or group");
            }
            return journal != null ? journalSource() : kafkaSource();
        }

        private EventSource journalSource() {
            return new JournalSource(journal, from == null ? new StartingPoint.Beginning() : from, untilEnd, onTrouble);
        }

        private EventSource kafkaSource() {
            return new KafkaSource(
                    topic == null ? settings : settings.topic(topic),
                    Optional.ofNullable(group),
                    from == null ? new StartingPoint.Latest() : from,
                    untilEnd,
                    onTrouble);
        }
    }
}
