package io.espalier.cli;

import io.espalier.api.Espalier;
import io.espalier.spi.Budget;
import java.io.BufferedReader;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * What a command sees of the world around it.
 *
 * @param in answers, a line each
 * @param out data
 * @param err talk: progress, warnings, errors
 * @param outIsTerminal whether somebody reads {@code out} as it comes
 * @param errIsTerminal whether somebody reads {@code err} as it comes
 * @param variables environment variables
 * @param home the assembled folder Espalier was started from
 * @param plugins opens Espalier with the plug-ins of folders, the first has precedence, and a budget
 * @param interruption tells when somebody wants the command to stop
 */
record Environment(
        BufferedReader in,
        PrintWriter out,
        PrintWriter err,
        boolean outIsTerminal,
        boolean errIsTerminal,
        Map<String, String> variables,
        Optional<Path> home,
        BiFunction<List<Path>, Budget, Espalier> plugins,
        Interruption interruption) {

    /** Whether colour is welcome at all: <a href="https://no-color.org">NO_COLOR</a> and dumb terminals say no. */
    boolean allowsColour() {
        return variables.getOrDefault("NO_COLOR", "").isEmpty()
                && !variables.getOrDefault("TERM", "").equals("dumb");
    }
}
