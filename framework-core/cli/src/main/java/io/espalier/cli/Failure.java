package io.espalier.cli;

/** Ends a command with one sentence for the user and an exit code. */
final class Failure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int exitCode;

    private Failure(int exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    static Failure usage(String message) {
        return new Failure(ExitCode.USAGE, message, null);
    }

    static Failure of(int exitCode, String message) {
        return new Failure(exitCode, message, null);
    }

    static Failure of(int exitCode, String message, Throwable cause) {
        return new Failure(exitCode, message, cause);
    }

    int exitCode() {
        return exitCode;
    }
}
