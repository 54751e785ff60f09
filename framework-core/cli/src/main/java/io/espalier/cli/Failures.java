package io.espalier.cli;

import io.espalier.api.CancelledException;
import io.espalier.api.EspalierException;
import io.espalier.api.InputRefusedException;
import io.espalier.api.NotProvedException;
import io.espalier.api.PluginBrokenException;
import io.espalier.events.JournalException;
import io.espalier.kafka.KafkaTroubleException;
import java.io.UncheckedIOException;

/** What an exception means to the user. */
final class Failures {

    private Failures() {}

    /** One sentence. */
    static String sentence(Throwable error) {
        if (error instanceof CancelledException) {
            return "interrupted";
        }
        if (error instanceof InputRefusedException refused) {
            // A setting of a request is called like the flag.
            return (refused.setting().isPresent() ? "--" : "") + refused.getMessage();
        }
        if (error instanceof Failure || error instanceof EspalierException || error instanceof KafkaTroubleException) {
            return error.getMessage();
        }
        if (error instanceof UncheckedIOException io && io.getCause() instanceof JournalException trouble) {
            return trouble.getMessage();
        }
        if (error instanceof UncheckedIOException io) {
            return "reading or writing failed: " + io.getCause();
        }
        return "this should not have happened: " + error + "; run again with -v for the stack trace and report it";
    }

    static int exitCode(Throwable error) {
        if (error instanceof Failure failure) {
            return failure.exitCode();
        }
        if (error instanceof InputRefusedException refused) {
            return switch (refused.reason()) {
                case REQUEST -> ExitCode.USAGE;
                case MODEL -> ExitCode.MODEL;
                case TASK -> ExitCode.FAILED;
            };
        }
        if (error instanceof NotProvedException) {
            return ExitCode.NOT_PROVED;
        }
        if (error instanceof PluginBrokenException) {
            return ExitCode.PLUGIN;
        }
        if (error instanceof CancelledException) {
            return ExitCode.INTERRUPTED;
        }
        return error instanceof KafkaTroubleException ? ExitCode.UNDELIVERED : ExitCode.FAILED;
    }
}
