package io.espalier.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows the help of a command, as its option {@code --help} does. */
@Command(
        name = "help",
        header = "Show the help of a command.",
        footer = {"  espalier help", "  espalier help prune", "  espalier help events tail"})
final class HelpCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..*", paramLabel = "COMMAND", description = "The command; all of them when none is named.")
    private List<String> path = new ArrayList<>();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    @Override
    public Integer call() {
        CommandLine asked = spec.parent().commandLine();
        for (String name : path) {
            CommandLine next = asked.getSubcommands().get(name);
            if (next == null) {
                throw new ParameterException(
                        asked,
                        "there is no command '" + name + "'; there are "
                                + String.join(", ", asked.getSubcommands().keySet()));
            }
            asked = next;
        }
        asked.usage(asked.getOut());
        return ExitCode.OK;
    }
}
