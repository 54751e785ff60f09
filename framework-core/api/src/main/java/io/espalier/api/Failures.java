package io.espalier.api;

import io.espalier.api.InputRefusedException.Reason;
import io.espalier.engine.file.FileTrouble;
import io.espalier.engine.guard.PluginException;
import io.espalier.engine.open.UnusableInputException;
import io.espalier.engine.run.VerificationFailedException;
import io.espalier.engine.score.UnusablePatternException;
import io.espalier.engine.score.UnusableWeightsException;
import io.espalier.engine.verify.OriginalRefusedException;
import io.espalier.graph.cost.UnusableSymbolException;
import io.espalier.graph.shape.UnusableGraphException;
import io.espalier.spi.BudgetException;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.execution.BrokenModelException;
import io.espalier.spi.execution.ExecutionException;
import java.io.UncheckedIOException;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;

/** What an exception of engine, host or plug-ins means to a program. */
final class Failures {

    private Failures() {}

    /** Does some work; what fails in a documented way fails with an {@link EspalierException}. */
    static <T> T translated(Supplier<T> work) {
        try {
            return work.get();
        } catch (CancellationException e) {
            throw new CancelledException(e);
        } catch (VerificationFailedException e) {
            throw new NotProvedException(e.getMessage(), Proof.of(e.verification()), e);
        } catch (PluginException e) {
            throw new PluginBrokenException(e.getMessage(), e);
        } catch (InvalidInputException e) {
            throw new InputRefusedException(reason(e), e.getMessage(), e);
        } catch (BrokenModelException e) {
            throw new InputRefusedException(Reason.MODEL, "the runtime finds the model broken: " + e.getMessage(), e);
        } catch (ExecutionException e) {
            throw new InputRefusedException(Reason.TASK, "the runtime refused: " + e.getMessage(), e);
        } catch (UncheckedIOException e) {
            throw new InputRefusedException(
                    Reason.TASK, "reading or writing failed: " + FileTrouble.reason(e.getCause()), e);
        } catch (LinkageError e) {
            throw new PluginBrokenException("a plug-in does not fit: " + e, e);
        }
    }

    private static Reason reason(InvalidInputException e) {
        if (e instanceof UnusableSymbolException
                || e instanceof UnusableInputException
                || e instanceof UnusablePatternException) {
            return Reason.REQUEST;
        }
        boolean model = e instanceof ModelRefusedException
                || e instanceof UnusableGraphException
                || e instanceof OriginalRefusedException
                || e instanceof BudgetException
                || e instanceof UnusableWeightsException;
        return model ? Reason.MODEL : Reason.TASK;
    }

    /** Reads a setting; what cannot be understood is a fault of the request. */
    static <T> T understood(Supplier<T> setting) {
        try {
            return setting.get();
        } catch (InvalidInputException e) {
            throw new InputRefusedException(Reason.REQUEST, e.getMessage(), e);
        }
    }
}
