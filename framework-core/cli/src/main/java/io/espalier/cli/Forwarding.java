package io.espalier.cli;

import io.espalier.api.CancelledException;
import io.espalier.cli.DeliveryOptions.Need;
import io.espalier.events.EventSink;
import io.espalier.events.v1.PruningEvent;
import io.espalier.kafka.Delivery;
import io.espalier.kafka.JournalForwarder;
import io.espalier.kafka.KafkaSettings;
import io.espalier.kafka.KafkaTroubleException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Copies the journal of one run to Kafka beside the run, when that is wanted.
 *
 * <p>The run tells it of its first event, at which the journal exists, and never waits for it.
 */
final class Forwarding implements EventSink {

    private static final double STANDARD_SECONDS = 5;
    private static final double REQUIRED_SECONDS = 60;

    private final Path journal;
    private final Optional<KafkaSettings> settings;
    private final DeliveryOptions options;
    private final Need need;
    private final Interruption interruption;
    private volatile JournalForwarder forwarder;
    private Delivery delivery;

    /**
     * Forwarding as the options want it.
     *
     * @throws Failure when the options make no sense
     */
    Forwarding(Path journal, DeliveryOptions options, Interruption interruption) {
        this.journal = journal;
        this.options = options;
        this.interruption = interruption;
        this.settings = options.kafka.settings();
        this.need = options.events == null ? Need.BEST_EFFORT : Need.of(options.events);
        if (settings.isEmpty() && (options.events != null || options.drain != null)) {
            throw Failure.usage("--events and --events-drain are about Kafka; say where it is with --kafka HOST:PORT");
        }
        if (options.drain != null && !(options.drain >= 0 && options.drain <= 86_400)) {
            throw Failure.usage("--events-drain cannot be " + options.drain + "; give seconds from 0 to 86400");
        }
    }

    @Override
    public void accept(PruningEvent event) {
        if (forwarder == null && settings.isPresent()) {
            forwarder = JournalForwarder.start(journal, settings.get());
        }
    }

    /**
     * Does a run, whose events go through this sink, and waits for their delivery afterwards.
     *
     * @param say takes sentences for the user
     */
    <T> T around(Supplier<T> run, Consumer<String> say) {
        if (settings.isPresent() && need == Need.REQUIRED) {
            requireKafka();
        }
        boolean cancelled = false;
        try {
            return run.get();
        } catch (CancelledException e) {
            cancelled = true;
            throw e;
        } finally {
            finish(patience(cancelled), say);
        }
    }

    private void requireKafka() {
        try {
            JournalForwarder.check(settings.orElseThrow());
        } catch (KafkaTroubleException e) {
            throw Failure.of(
                    ExitCode.UNDELIVERED,
                    e.getMessage() + "; nothing was done, because --events=required asks for Kafka",
                    e);
        }
    }

    private Duration patience(boolean cancelled) {
        double seconds =
                options.drain != null ? options.drain : need == Need.REQUIRED ? REQUIRED_SECONDS : STANDARD_SECONDS;
        return Duration.ofMillis(Math.round(1000 * (cancelled ? Math.min(seconds, STANDARD_SECONDS) : seconds)));
    }

    private void finish(Duration patience, Consumer<String> say) {
        if (forwarder == null) {
            return;
        }
        interruption.cancelBy(Thread.currentThread()::interrupt);
        try {
            delivery = drained(patience);
            delivery.note().ifPresent(say);
            if (need == Need.BEST_EFFORT && !delivery.complete()) {
                say.accept(sentence());
            }
        } catch (IOException e) {
            say.accept("how many events arrived on Kafka is not known: the journal " + journal + " cannot be read ("
                    + e.getMessage() + ")");
        } finally {
            forwarder.close();
        }
    }

    private Delivery drained(Duration patience) throws IOException {
        try {
            return forwarder.drain(patience);
        } catch (InterruptedException e) {
            return forwarder.delivery();
        }
    }

    /** How far the events came; empty when nothing was to be sent. */
    Optional<Delivery> delivery() {
        return Optional.ofNullable(delivery);
    }

    /** Of a number of emitted events, how many Kafka has not acknowledged; none when nothing is sent there. */
    long missing(long emitted) {
        return settings.isEmpty() ? 0 : Math.max(0, emitted - (forwarder == null ? 0 : forwarder.settled()));
    }

    /** Ends with a failure when events had to arrive and did not. */
    void requireDelivered() {
        if (need == Need.REQUIRED && settings.isPresent() && (delivery == null || !delivery.complete())) {
            throw Failure.of(
                    ExitCode.UNDELIVERED,
                    "the model was written, but not all events arrived, as --events=required asks: "
                            + (delivery == null ? "the journal cannot be read" : sentence()));
        }
    }

    private String sentence() {
        String missing = delivery.sentence();
        return delivery.pending() == 0
                ? missing
                : missing + ". Send them with: espalier events replay " + Shell.quoted(journal.toString())
                        + options.kafka.typed();
    }
}
