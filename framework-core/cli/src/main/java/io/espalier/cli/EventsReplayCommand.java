package io.espalier.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.cli.text.Figures;
import io.espalier.events.JournalCursor;
import io.espalier.kafka.Delivery;
import io.espalier.kafka.JournalForwarder;
import io.espalier.kafka.KafkaSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sends what Kafka does not have of a journal. */
@Command(
        name = "replay",
        header = "Send to Kafka what it does not have of a journal yet.",
        description = {
            "Goes on where the run, or an earlier replay to the same cluster and topic, stopped: that is noted in the",
            "file with .sent behind the name of the journal. Ends with code 6 when not everything arrived."
        },
        footer = {
            "  espalier events replay pruned.onnx.events --kafka localhost:9092",
            "  espalier events replay pruned.onnx.events --kafka localhost:9092 --all"
        })
final class EventsReplayCommand extends AbstractCommand {

    @Parameters(paramLabel = "JOURNAL", description = "The journal of a run.")
    private Path journal;

    @Mixin
    private KafkaOptions kafka;

    @Option(names = "--all", description = "Send everything again; readers recognise what they have had.")
    private boolean all;

    @Option(
            names = "--patience",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "Give up when nothing arrives for so long (default: ${DEFAULT-VALUE}).")
    private int patience;

    EventsReplayCommand(Environment environment) {
        super(environment);
    }

    @Override
    int run() {
        KafkaSettings settings = kafka.required();
        if (patience < 1) {
            throw Failure.usage("--patience cannot be " + patience + "; give a number of at least 1");
        }
        EventSourceOptions.requireJournal(journal);
        try {
            requireEvents();
            JournalForwarder.check(settings);
            if (all) {
                JournalForwarder.forget(journal);
            }
            return tell(replayed(settings));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void requireEvents() throws IOException {
        try (JournalCursor cursor = new JournalCursor(journal, 0)) {
            if (cursor.next().isEmpty()) {
                throw Failure.of(ExitCode.FAILED, "the journal '" + journal + "' holds no event; nothing can be sent");
            }
        }
    }

    private Delivery replayed(KafkaSettings settings) throws IOException {
        try (JournalForwarder forwarder = JournalForwarder.start(journal, settings)) {
            environment.interruption().cancelBy(Thread.currentThread()::interrupt);
            long before;
            Delivery delivery;
            do {
                before = forwarder.settled();
                delivery = forwarder.drain(Duration.ofSeconds(patience));
            } while (delivery.pending() > 0 && forwarder.settled() > before);
            return delivery;
        } catch (InterruptedException e) {
            throw Failure.of(ExitCode.INTERRUPTED, "interrupted; a further replay goes on from here", e);
        }
    }

    private int tell(Delivery delivery) {
        if (common.json) {
            ObjectNode json = Json.document("events-replay");
            json.setAll(DeliveryJson.json(delivery));
            print(Json.text(json));
        } else {
            print(Figures.count(delivery.delivered()) + " of " + Figures.count(delivery.written())
                    + " events of the journal are on Kafka");
        }
        delivery.note().ifPresent(this::say);
        if (!delivery.complete()) {
            throw Failure.of(ExitCode.UNDELIVERED, delivery.sentence());
        }
        return ExitCode.OK;
    }
}
