package io.espalier.cli;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Whether and how the events of a run go to Kafka. */
final class DeliveryOptions {

    /** What becomes of a run whose events do not arrive. */
    enum Need {
        /** It succeeds, and says what is only in the journal. */
        BEST_EFFORT,
        /** It fails. */
        REQUIRED;

        static Need of(String typed) {
            return switch (typed) {
                case "best-effort" -> BEST_EFFORT;
                case "required" -> REQUIRED;
                default -> throw Failure.usage("--events cannot be '" + typed + "'; give best-effort or required");
            };
        }
    }

    @Mixin
    KafkaOptions kafka;

    @Option(
            names = "--events",
            paramLabel = "HOW",
            description = "With Kafka: best-effort, the default, or required: begin only when Kafka is there, and end"
                    + " with code 6 when an event did not arrive.")
    String events;

    @Option(
            names = "--events-drain",
            paramLabel = "SECONDS",
            description = "How long to wait at the end for events to arrive (default: 5, required: 60).")
    Double drain;
}
