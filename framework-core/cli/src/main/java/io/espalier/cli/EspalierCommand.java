package io.espalier.cli;

import io.espalier.api.Espalier;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command that holds the others. */
@Command(
        name = "espalier",
        header = "Structured pruning of trained neural networks: ONNX in, smaller and faster ONNX out.",
        footer = {
            "  espalier inspect model.onnx",
            "  espalier prune model.onnx --target macs=50%% -o pruned.onnx",
            "  espalier plan model.onnx --target params=3M -o small.plan.json",
            "  espalier prune model.onnx --plan small.plan.json -o small.onnx",
            "  espalier verify model.onnx small.plan.json small.onnx",
            "  espalier events tail --kafka localhost:9092",
            "  espalier monitor --journal pruned.onnx.events",
            "  espalier plugins list"
        },
        versionProvider = EspalierCommand.Version.class,
        subcommands = {
            InspectCommand.class,
            PlanCommand.class,
            PruneCommand.class,
            SensitivityCommand.class,
            VerifyCommand.class,
            GradientCommand.class,
            TrainCommand.class,
            EventsCommand.class,
            MonitorCommand.class,
            ReportCommand.class,
            DataCommand.class,
            PluginsCommand.class,
            InitCommand.class,
            CompletionCommand.class,
            VersionCommand.class,
            HelpCommand.class
        })
final class EspalierCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version of Espalier.")
    private boolean version;

    @Override
    public Integer call() {
        throw new ParameterException(
                spec.commandLine(),
                "no command given; there are "
                        + String.join(", ", spec.subcommands().keySet()));
    }

    /** What {@code --version} prints. */
    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            return new String[] {"espalier " + Espalier.version()};
        }
    }
}
