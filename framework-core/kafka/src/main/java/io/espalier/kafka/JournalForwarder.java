package io.espalier.kafka;

import io.espalier.events.EventEnvelope;
import io.espalier.events.JournalCursor;
import io.espalier.events.v1.PruningEvent;
import io.espalier.kafka.Brokers.Destination;
import io.espalier.kafka.Progress.Position;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Copies a journal to Kafka, from where an earlier copy stopped, while the journal is being written or afterwards.
 *
 * <p>Works in its own thread: the writer of the journal never waits for it. Events arrive in order and at least
 * once; after a crash some may be sent again, which run id and sequence tell. When Kafka does not answer it tries again
 * until it is closed. How far it got is noted in a file beside the journal, {@code NAME.sent}: about once a second, and
 * when it stops. Thread-safe.
 */
public final class JournalForwarder implements AutoCloseable {

    private static final long POLL_MILLIS = 50;
    private static final long NOTE_NANOS = 1_000_000_000;
    private static final long FIRST_PAUSE_MILLIS = 200;
    private static final long LAST_PAUSE_MILLIS = 5000;
    private static final long JOIN_MILLIS = 3000;

    private final Path journal;
    private final KafkaSettings settings;
    private final Thread thread;
    private final Progress progress = new Progress();
    private final Note howFar = new Note();
    private volatile boolean closed;
    private volatile String trouble;
    private volatile String note;
    /** Touched by the thread alone. */
    private boolean resumed;

    private JournalForwarder(Path journal, KafkaSettings settings) {
        this.journal = journal;
        this.settings = settings;
        this.thread = new Thread(this::work, "espalier-events-to-kafka");
        thread.setDaemon(true);
        // Kafka finds classes it is configured with through this loader; the caller's may be a plug-in's.
        thread.setContextClassLoader(JournalForwarder.class.getClassLoader());
    }

    /**
     * Begins to copy; returns at once, without a word with Kafka.
     *
     * @param journal an existing journal; while it is empty, its first event is waited for
     */
    public static JournalForwarder start(Path journal, KafkaSettings settings) {
        JournalForwarder forwarder = new JournalForwarder(journal, settings);
        forwarder.thread.start();
        return forwarder;
    }

    /**
     * Makes sure that Kafka can take events: that brokers answer, accept the login and have the topic. Takes some
     * seconds at most.
     *
     * @throws KafkaTroubleException when it cannot
     */
    public static void check(KafkaSettings settings) {
        Brokers.check(settings);
    }

    /** Forgets how far a journal was sent, so that a new forwarder sends everything again. */
    public static void forget(Path journal) throws IOException {
        Files.deleteIfExists(Checkpoint.file(journal));
    }

    /** How far it has come; reads the journal, but never waits for Kafka. */
    public Delivery delivery() throws IOException {
        Position position = progress.position();
        Census census = Census.of(journal);
        return new Delivery(
                journal,
                Math.max(census.events(), position.events()),
                position.events() - position.refused(),
                position.refused(),
                census.passedOver(),
                Optional.ofNullable(trouble),
                census.sentence().or(() -> Optional.ofNullable(note)));
    }

    /** Events acknowledged so far, or never to be; a number that only grows while something happens. */
    public long settled() {
        return progress.position().events();
    }

    /**
     * Waits until everything that lies in the journal now has arrived, at most for a time.
     *
     * @return how far it has come
     */
    public Delivery drain(Duration patience) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        boolean arrived = progress.await(Census.of(journal).end(), deadline);
        if (!arrived && trouble == null) {
            trouble = Probe.sentence(settings.bootstrap());
        }
        return delivery();
    }

    /**
     * Stops copying and notes how far it got; what is on its way is given up. Where that takes longer than some seconds,
     * as on a disk that is slow to answer, the note of the last second stands, and nothing is written after this returns.
     */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(JOIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            howFar.close();
        }
    }

    private void work() {
        long pause = FIRST_PAUSE_MILLIS;
        try {
            String runId = runId();
            while (!closed) {
                long before = settled();
                if (copied(runId)) {
                    return;
                }
                pause = settled() > before ? FIRST_PAUSE_MILLIS : Math.min(2 * pause, LAST_PAUSE_MILLIS);
                Thread.sleep(pause);
            }
        } catch (InterruptedException | InterruptException e) {
            // Closed: nothing is left to be done.
            closed = true;
        } catch (IOException e) {
            trouble = "sending stopped: " + e.getMessage();
        } finally {
            progress.finish();
        }
    }

    private String runId() throws IOException, InterruptedException {
        try (JournalCursor cursor = new JournalCursor(journal, 0)) {
            Optional<PruningEvent> first = cursor.next();
            while (first.isEmpty()) {
                Thread.sleep(POLL_MILLIS);
                first = cursor.next();
            }
            return first.get().getRunId();
        }
    }

    /** Copies until the run has ended, this is closed, or Kafka fails; returns whether nothing is left to do. */
    private boolean copied(String runId) throws IOException, InterruptedException {
        try {
            Destination destination = Brokers.check(settings);
            Checkpoint checkpoint = new Checkpoint(journal, runId, destination.cluster(), settings.topic());
            trouble = null;
            progress.restart(resumed ? progress.position() : checkpoint.load());
            resumed = true;
            return copied(new Link(settings, destination, runId, progress), checkpoint);
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaTroubleException e) {
            trouble = e.getMessage();
            return false;
        } catch (RuntimeException e) {
            // A defect; like trouble with Kafka it does not end the copying.
            trouble = "sending failed and is tried again: " + e;
            return false;
        }
    }

    private boolean copied(Link opened, Checkpoint checkpoint) throws IOException, InterruptedException {
        try (Link link = opened;
                JournalCursor cursor =
                        new JournalCursor(journal, progress.position().offset())) {
            long noted = System.nanoTime();
            boolean more = true;
            boolean ended = false;
            while (!closed && link.trouble().isEmpty() && (more || progress.onTheirWay() > 0)) {
                Optional<EventEnvelope> event = more ? cursor.nextEnvelope() : Optional.empty();
                if (event.isPresent()) {
                    link.send(event.get(), cursor.record(), cursor.offset());
                    ended |= event.get().isLast();
                } else {
                    more = more && !ended;
                    Thread.sleep(POLL_MILLIS);
                }
                if (System.nanoTime() - noted > NOTE_NANOS) {
                    save(checkpoint);
                    noted = System.nanoTime();
                }
            }
            if (link.trouble().isPresent()) {
                throw Diagnosis.of(settings, link.trouble().get());
            }
            return true;
        } finally {
            save(checkpoint);
        }
    }

    private void save(Checkpoint checkpoint) {
        try {
            howFar.save(checkpoint, progress.position());
        } catch (IOException e) {
            note = "how far it got could not be noted beside the journal (" + e.getMessage()
                    + "), so a replay sends everything again";
        }
    }
}
