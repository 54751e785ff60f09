package io.espalier.cli;

import io.espalier.kafka.PruningEventSubscriber;
import picocli.CommandLine.Command;

/** Prints events as lines of JSON. */
@Command(
        name = "export",
        header = "Print events as lines of JSON, up to what is the last one now.",
        description = {
            "From Kafka it begins with the oldest event, unless --from says otherwise. A journal that was cut is",
            "printed up to its last whole event, and that is said."
        },
        footer = {
            "  espalier events export pruned.onnx.events > events.jsonl",
            "  espalier events export --kafka localhost:9092 --run 3f0c9a52-... > events.jsonl"
        })
final class EventsExportCommand extends ReadingCommand {

    EventsExportCommand(Environment environment) {
        super(environment);
    }

    @Override
    int run() {
        if (source.journal != null) {
            EventSourceOptions.requireJournal(source.journal);
        }
        PruningEventSubscriber.Builder builder = source.builder().untilEnd();
        return read(source.from == null ? builder.fromBeginning() : builder, true, false);
    }
}
