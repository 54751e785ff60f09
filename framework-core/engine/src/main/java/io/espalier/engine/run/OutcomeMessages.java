package io.espalier.engine.run;

import io.espalier.engine.allocate.UnreachableTargetException;
import io.espalier.engine.evaluate.Evaluation;
import io.espalier.engine.search.SearchRecord;
import io.espalier.engine.search.Trial;
import io.espalier.engine.verify.Verification;
import io.espalier.events.v1.Cause;
import io.espalier.events.v1.Evaluated;
import io.espalier.events.v1.EvaluationStage;
import io.espalier.events.v1.FailureKind;
import io.espalier.events.v1.FileReference;
import io.espalier.events.v1.LatencyMeasured;
import io.espalier.events.v1.MetricUnit;
import io.espalier.events.v1.RunFailed;
import io.espalier.events.v1.Saved;
import io.espalier.events.v1.SavedKind;
import io.espalier.events.v1.TrialEnded;
import io.espalier.events.v1.TrialLatency;
import io.espalier.events.v1.VerificationOutcome;
import io.espalier.events.v1.Verified;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.file.Sha256;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;

/** Payloads about how it went. Thread-safe. */
public final class OutcomeMessages {

    private static final int MAX_CAUSES = 16;
    private static final int MAX_TEXT = 4096;

    private OutcomeMessages() {}

    static Verified verified(Verification verification) {
        Verified.Builder verified = Verified.newBuilder()
                .setOutcome(outcome(verification))
                .setMaxAbsoluteDifference(verification.maxAbsolute())
                .setMaxRelativeDifference(verification.maxRelative())
                .setTolerance(verification.tolerance())
                .setInputsTried(verification.inputs())
                .setReason(verification.reason());
        if (Double.isFinite(verification.lift())) {
            verified.setLiftDifference(verification.lift());
        }
        return verified.build();
    }

    static VerificationOutcome outcome(Verification verification) {
        return VerificationOutcome.valueOf(
                "VERIFICATION_OUTCOME_" + verification.outcome().name());
    }

    /** What a metric says at a stage of a run. */
    public static Evaluated evaluated(EvaluationStage stage, Evaluation evaluation) {
        return measured(evaluation).toBuilder().setStage(stage).build();
    }

    /** What a metric says, of no stage of a run. */
    public static Evaluated measured(Evaluation evaluation) {
        Evaluated.Builder evaluated = Evaluated.newBuilder()
                .setExamples(evaluation.examples())
                .setMetric(evaluation.metric())
                .setValue(evaluation.value())
                .setUnit(MetricUnit.valueOf("METRIC_UNIT_" + evaluation.unit().name()))
                .setHigherIsBetter(evaluation.higherIsBetter());
        if (evaluation.isAccuracy()) {
            evaluated.setAccuracy(evaluation.value());
        }
        return evaluated.build();
    }

    /** The last trial of a search. */
    static TrialEnded trial(SearchRecord search, int most) {
        Trial trial = search.trials().get(search.trials().size() - 1);
        TrialEnded.Builder ended = TrialEnded.newBuilder()
                .setNumber(search.trials().size())
                .setMost(most)
                .setTarget(SearchRecord.target(search.minimized(), trial.budget()));
        trial.point()
                .ifPresent(point -> ended.setReached(true)
                        .setCost(AnalysisMessages.cost(point.cost()))
                        .setMetric(search.metric())
                        .setValue(point.value())
                        .setExamples(search.examples())
                        .setKeeps(trial.keeps(search.original().value(), search.least())));
        trial.point()
                .flatMap(point -> latency(search.original().nanos(), point.nanos()))
                .ifPresent(ended::setLatency);
        return ended.build();
    }

    /** What the table of latencies predicts of a trial; empty where budgets are no latencies. */
    private static Optional<TrialLatency> latency(OptionalLong original, OptionalLong predicted) {
        return predicted.isEmpty()
                ? Optional.empty()
                : Optional.of(TrialLatency.newBuilder()
                        .setOriginalNanos(original.orElseThrow())
                        .setPredictedNanos(predicted.getAsLong())
                        .build());
    }

    static LatencyMeasured latency(LatencyComparison latency) {
        return LatencyMeasured.newBuilder()
                .setOriginalMedianNanos(latency.originalNanos())
                .setPrunedMedianNanos(latency.prunedNanos())
                .setRatio(latency.ratio())
                .setLowRatio(latency.lowRatio())
                .setHighRatio(latency.highRatio())
                .setRuns(latency.runs())
                .setThreads(1)
                .build();
    }

    /** A result that has taken its place. */
    public static Saved saved(SavedKind kind, Path file, String digest, long bytes) {
        return Saved.newBuilder()
                .setKind(kind)
                .setFile(FileReference.newBuilder()
                        .setPath(file.toString())
                        .setDigest(digest)
                        .setBytes(bytes))
                .build();
    }

    /** A result that has taken its place. */
    public static Saved saved(SavedKind kind, Path file, byte[] content) {
        return saved(kind, file, Sha256.of(content), content.length);
    }

    static RunFailed failed(Throwable failure, Duration elapsed) {
        RunFailed.Builder message = RunFailed.newBuilder()
                .setKind(kind(failure))
                .setMessage(text(failure))
                .setElapsed(ResourceUse.duration(elapsed))
                .setResources(ResourceUse.now());
        Throwable cause = failure;
        for (int i = 0; cause != null && i < MAX_CAUSES; i++) {
            message.addCauses(
                    Cause.newBuilder().setType(cause.getClass().getName()).setMessage(text(cause)));
            cause = cause.getCause();
        }
        return message.build();
    }

    private static String text(Throwable failure) {
        String text = failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
    }

    private static FailureKind kind(Throwable failure) {
        if (failure instanceof UnreachableTargetException) {
            return FailureKind.FAILURE_KIND_UNREACHABLE_TARGET;
        }
        if (failure instanceof OutputException) {
            return FailureKind.FAILURE_KIND_OUTPUT;
        }
        if (failure instanceof InvalidInputException) {
            return FailureKind.FAILURE_KIND_INVALID_INPUT;
        }
        if (failure instanceof VerificationFailedException) {
            return FailureKind.FAILURE_KIND_VERIFICATION;
        }
        return failure instanceof CancellationException
                ? FailureKind.FAILURE_KIND_CANCELLED
                : FailureKind.FAILURE_KIND_INTERNAL;
    }
}
