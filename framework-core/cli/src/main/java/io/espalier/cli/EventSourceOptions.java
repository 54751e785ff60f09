package io.espalier.cli;

import io.espalier.kafka.PruningEventSubscriber;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which events a command reads, and from where. */
final class EventSourceOptions {

    @Parameters(
            paramLabel = "JOURNAL",
            arity = "0..1",
            description = "The journal of a run; without it, events are read from Kafka.")
    Path journal;

    @Mixin
    KafkaOptions kafka;

    @Option(names = "--run", paramLabel = "ID", description = "The events of this run only.")
    String run;

    @Option(
            names = "--from",
            paramLabel = "WHEN",
            description = "The first event: beginning, latest, or the first since a time like 2026-11-22T08:00:00Z.")
    String from;

    /** A subscriber to what was asked for, its handlers still missing. */
    PruningEventSubscriber.Builder builder() {
        PruningEventSubscriber.Builder builder =
                PruningEventSubscriber.builder().run(run);
        if (journal != null) {
            if (kafka.given()) {
                throw Failure.usage(
                        "events are read either from the journal '" + journal + "' or from Kafka; leave" + " one out");
            }
            builder.journal(journal);
        } else {
            builder.kafka(kafka.required());
        }
        return from == null ? builder : starting(builder, from);
    }

    /** Begins where {@code --from} says. */
    static PruningEventSubscriber.Builder starting(PruningEventSubscriber.Builder builder, String from) {
        try {
            return switch (from) {
                case "beginning" -> builder.fromBeginning();
                case "latest" -> builder.fromLatest();
                default -> builder.from(OffsetDateTime.parse(from).toInstant());
            };
        } catch (DateTimeException e) {
            throw Failure.usage("--from cannot be '" + from + "'; give beginning, latest, or a time like"
                    + " 2026-11-22T08:00:00Z");
        }
    }

    /** Makes sure that a journal that was named is there. */
    static void requireJournal(Path journal) {
        if (!Files.exists(journal)) {
            throw Failure.of(
                    ExitCode.FAILED,
                    "the journal '" + journal + "' does not exist; a run writes it beside its model, with .events"
                            + " behind the name");
        }
    }
}
