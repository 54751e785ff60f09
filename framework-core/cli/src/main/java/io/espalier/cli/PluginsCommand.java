package io.espalier.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Holds the commands about plug-ins. */
@Command(
        name = "plugins",
        header = "Show the plug-ins, and what is wrong with those that are not used.",
        footer = {
            "  espalier plugins list",
            "  espalier plugins list -v",
            "  espalier plugins doctor --plugins my-plugins",
            "  espalier plugins new criterion signed-sum"
        },
        subcommands = {PluginsListCommand.class, PluginsDoctorCommand.class, PluginsNewCommand.class})
final class PluginsCommand implements Callable<Integer> {

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
                "what about plug-ins? There are "
                        + String.join(", ", spec.subcommands().keySet()));
    }
}
