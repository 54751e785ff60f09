package io.espalier.cli;

import picocli.CommandLine.Option;

/** How many threads compute at a time. */
final class ThreadsOption {

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Worker threads; the result does not depend on it (default: one for each processor).")
    private Integer typed;

    /** The number that was typed, or that of the processors. */
    int count() {
        return typed == null ? Runtime.getRuntime().availableProcessors() : typed;
    }
}
