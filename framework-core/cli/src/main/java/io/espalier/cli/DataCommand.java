package io.espalier.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Commands about examples. */
@Command(
        name = "data",
        header = "Show what files of examples hold, or make one npz file of them.",
        footer = {
            "  espalier data inspect images/ --for model.onnx",
            "  espalier data pack images/ --for model.onnx --count 1024 -o calibration.npz"
        },
        subcommands = {DataInspectCommand.class, DataPackCommand.class})
final class DataCommand implements Callable<Integer> {

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
                "what about data? There are "
                        + String.join(", ", spec.subcommands().keySet()));
    }
}
