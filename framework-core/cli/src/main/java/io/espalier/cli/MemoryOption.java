package io.espalier.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** How much memory a proof may take. */
final class MemoryOption {

    private static final Pattern SIZE = Pattern.compile("(\\d{1,9})(MB|GB)");
    private static final long MEGABYTE = 1_000_000;

    @Option(
            names = "--verify-memory",
            paramLabel = "SIZE",
            defaultValue = "1GB",
            description = "Memory that the runtime may take for weights while the result is proved, like 500MB or 8GB;"
                    + " a model that needs more is proved block by block and not timed (default: ${DEFAULT-VALUE}).")
    private String typed;

    /** The number of bytes. */
    long bytes() {
        Matcher matcher = SIZE.matcher(typed);
        if (!matcher.matches() || Long.parseLong(matcher.group(1)) == 0) {
            throw Failure.usage("--verify-memory cannot be '" + typed + "'; give a number of megabytes or gigabytes,"
                    + " like 500MB or 8GB");
        }
        return Long.parseLong(matcher.group(1)) * MEGABYTE * (matcher.group(2).equals("GB") ? 1000 : 1);
    }
}
