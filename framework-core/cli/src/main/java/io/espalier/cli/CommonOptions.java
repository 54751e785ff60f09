package io.espalier.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Options that every command has. */
final class CommonOptions {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    @Option(names = "--json", description = "Print the result as JSON on standard output.")
    boolean json;

    @Option(
            names = {"-v", "--verbose"},
            description = "Say more; show the stack trace of an error.")
    boolean verbose;

    @Option(
            names = {"-q", "--quiet"},
            description = "No progress and no warnings.")
    boolean quiet;

    @Option(names = "--no-color", description = "No colour; the variable NO_COLOR does the same.")
    boolean noColour;

    @Option(
            names = "--plugins",
            paramLabel = "DIR",
            description = "A further folder of plug-ins; may be given several times.")
    List<Path> plugins = new ArrayList<>();
}
