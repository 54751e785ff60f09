package io.espalier.cli;

import io.espalier.engine.run.VerificationFailedException;
import io.espalier.engine.score.UnusablePatternException;
import io.espalier.engine.score.UnusableWeightsException;
import io.espalier.events.DamagedJournalException;
import io.espalier.graph.cost.UnusableSymbolException;
import io.espalier.kafka.KafkaTroubleException;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.execution.ExecutionException;
import java.io.UncheckedIOException;
import java.util.concurrent.CancellationException;

/** What an exception means to the user. */
final class Failures {

    private Failures() {}

    /** One sentence. */
    static String sentence(Throwable error) {
        if (error instanceof Failure
                || error instanceof InvalidInputException
                || error instanceof VerificationFailedException
                || error instanceof KafkaTroubleException) {
            return error.getMessage();
        }
        if (error instanceof CancellationException) {
            return "interrupted";
        }
        if (error instanceof ExecutionException) {
            return "the runtime refused: " + error.getMessage();
        }
        if (error instanceof UncheckedIOException io && io.getCause() instanceof DamagedJournalException damage) {
            return damage.getMessage();
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
        if (error instanceof CancellationException) {
            return ExitCode.INTERRUPTED;
        }
        if (error instanceof UnusableSymbolException || error instanceof UnusablePatternException) {
            return ExitCode.USAGE;
        }
        if (error instanceof ModelRefusedException || error instanceof UnusableWeightsException) {
            return ExitCode.MODEL;
        }
        if (error instanceof VerificationFailedException) {
            return ExitCode.NOT_PROVED;
        }
        if (error instanceof KafkaTroubleException) {
            return ExitCode.UNDELIVERED;
        }
        return ExitCode.FAILED;
    }
}
