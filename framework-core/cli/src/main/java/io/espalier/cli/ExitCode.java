package io.espalier.cli;

/** What the process returns; documented in {@code docs/cli.md}. */
final class ExitCode {

    /** It worked. */
    static final int OK = 0;
    /** The run failed: unreachable target, unusable data, a result that cannot be written. */
    static final int FAILED = 1;
    /** The command line makes no sense. */
    static final int USAGE = 2;
    /** The pruned model was not proved to compute what it should. */
    static final int NOT_PROVED = 3;
    /** A plug-in that is needed is broken or missing. */
    static final int PLUGIN = 4;
    /** The model is broken or uses something that is not supported. */
    static final int MODEL = 5;
    /** Kafka cannot be used, or events that had to arrive there did not. */
    static final int UNDELIVERED = 6;
    /** Somebody stopped the run. */
    static final int INTERRUPTED = 130;

    /** Whoever reads standard output has closed it, as {@code head} does: 128 and the number of SIGPIPE. */
    static final int CLOSED_OUTPUT = 141;

    private ExitCode() {}
}
