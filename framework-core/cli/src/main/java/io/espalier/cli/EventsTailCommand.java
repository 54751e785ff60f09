package io.espalier.cli;

import picocli.CommandLine.Command;

/** Shows events as they come. */
@Command(
        name = "tail",
        header = "Show the events of runs as they come.",
        description = {
            "From Kafka it begins with the next event, unless --from says otherwise, and goes on until Ctrl-C, or with",
            "--run until that run ends. A journal is shown from its beginning until its run ends, also while it is written.",
            "With --json every line is one event."
        },
        footer = {
            "  espalier events tail --kafka localhost:9092",
            "  espalier events tail --kafka localhost:9092 --from beginning --run 3f0c9a52-... --json",
            "  espalier events tail pruned.onnx.events"
        })
final class EventsTailCommand extends ReadingCommand {

    EventsTailCommand(Environment environment) {
        super(environment);
    }

    @Override
    int run() {
        return read(source.builder(), common.json, source.run != null);
    }
}
