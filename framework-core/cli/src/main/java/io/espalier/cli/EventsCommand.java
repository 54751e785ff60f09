package io.espalier.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Holds the commands about events. */
@Command(
        name = "events",
        header = "Read the events of runs from Kafka or from journals, and send journals to Kafka.",
        footer = {
            "  espalier events init --kafka localhost:9092",
            "  espalier events tail --kafka localhost:9092",
            "  espalier events tail pruned.onnx.events",
            "  espalier events replay pruned.onnx.events --kafka localhost:9092",
            "  espalier events export pruned.onnx.events"
        },
        subcommands = {
            EventsInitCommand.class,
            EventsTailCommand.class,
            EventsReplayCommand.class,
            EventsExportCommand.class
        })
final class EventsCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    @Override
    public Integer call() {
        throw new ParameterException(
                spec.commandLine(),
                "what about events? There are "
                        + String.join(", ", spec.subcommands().keySet()));
    }
}
