package io.espalier.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Options that every command has. */
final class CommonOptions {

    /** Help shows them after the options of the command itself. */
    private static final int LAST = 100;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            order = LAST,
            description = "Show this help.")
    boolean help;

    @Option(names = "--json", order = LAST, description = "Print the result as JSON on standard output.")
    boolean json;

    @Option(
            names = {"-v", "--verbose"},
            order = LAST,
            description = "Say more; show the stack trace of an error.")
    boolean verbose;

    @Option(
            names = {"-q", "--quiet"},
            order = LAST,
            description = "No progress and no warnings.")
    boolean quiet;

    @Option(names = "--no-color", order = LAST, description = "No colour; the variable NO_COLOR does the same.")
    boolean noColour;

    @Option(
            names = "--plugins",
            paramLabel = "DIR",
            order = LAST,
            description = "A further folder of plug-ins; may be given several times.")
    List<Path> plugins = new ArrayList<>();
}
