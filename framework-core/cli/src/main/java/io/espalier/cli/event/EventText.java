package io.espalier.cli.event;

import com.google.protobuf.Timestamp;
import io.espalier.cli.text.Clean;
import io.espalier.cli.text.Figures;
import io.espalier.events.Evaluations;
import io.espalier.events.v1.Cost;
import io.espalier.events.v1.EpochEnded;
import io.espalier.events.v1.Evaluated;
import io.espalier.events.v1.LatencyMeasured;
import io.espalier.events.v1.LossReported;
import io.espalier.events.v1.Planned;
import io.espalier.events.v1.ProgressReported;
import io.espalier.events.v1.PruningEvent;
import io.espalier.events.v1.Repaired;
import io.espalier.events.v1.RunFailed;
import io.espalier.events.v1.RunFinished;
import io.espalier.events.v1.RunStarted;
import io.espalier.events.v1.Saved;
import io.espalier.events.v1.TrialEnded;
import io.espalier.events.v1.Verified;
import io.espalier.events.v1.WorkStarted;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Events as lines for people. Everything that came from a model or a network is shown with control characters escaped. */
public final class EventText {

    private static final int SHORT_ID = 8;

    private EventText() {}

    /** Time, run, number and what happened. */
    public static String line(PruningEvent event) {
        String id = event.getRunId();
        return time(event.getTime()) + "  " + Clean.text(id.substring(0, Math.min(SHORT_ID, id.length()))) + "  "
                + String.format(Locale.ROOT, "%4d", event.getSequence()) + "  " + Clean.text(words(event));
    }

    private static String time(Timestamp time) {
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos())
                .truncatedTo(ChronoUnit.SECONDS)
                .toString();
    }

    private static String words(PruningEvent event) {
        return switch (event.getPayloadCase()) {
            case RUN_STARTED -> started(event.getRunStarted());
            case MODEL_LIFTED ->
                "lifted: " + Figures.count(event.getModelLifted().getNodes()) + " nodes, "
                        + cost(event.getModelLifted().getCost());
            case GROUPS_FOUND ->
                "found " + Figures.count(event.getGroupsFound().getGroupsTotal(), "group") + " of "
                        + Figures.count(event.getGroupsFound().getPrunableWidthTotal(), "channel") + ", "
                        + Figures.count(event.getGroupsFound().getBarriersTotal(), "barrier");
            case SCORED ->
                "scored " + Figures.count(event.getScored().getGroupsTotal(), "group") + " by "
                        + event.getScored().getCriterion();
            case PLANNED -> planned(event.getPlanned());
            case OPERATED ->
                "cut: " + Figures.count(event.getOperated().getParametersSliced(), "parameter") + " sliced, "
                        + Figures.count(event.getOperated().getElementsRemoved(), "element") + " removed";
            case VERIFIED -> verified(event.getVerified());
            case REPAIRED -> repaired(event.getRepaired());
            case EVALUATED -> evaluated(event.getEvaluated());
            case LATENCY_MEASURED -> latency(event.getLatencyMeasured());
            case SAVED -> saved(event.getSaved());
            case PROGRESS_REPORTED -> progress(event.getProgressReported());
            case WORK_STARTED -> "begins to " + work(event.getWorkStarted());
            case LOSS_REPORTED -> loss(event.getLossReported());
            case EPOCH_ENDED -> epoch(event.getEpochEnded());
            case TRIAL_ENDED -> trial(event.getTrialEnded());
            case RUN_FINISHED -> finished(event.getRunFinished());
            case RUN_FAILED -> failed(event.getRunFailed());
            case PAYLOAD_NOT_SET -> "something that this version does not know";
        };
    }

    private static String started(RunStarted started) {
        return "started: " + started.getToolVersion() + ", " + started.getCommand() + " "
                + started.getInput().getPath();
    }

    private static String planned(Planned planned) {
        return "planned " + planned.getTarget() + ": " + Figures.count(planned.getChannelsKept()) + " of "
                + Figures.count(planned.getChannelsTotal(), "channel")
                + " kept" + blocks(planned.getBlocksCount()) + "; MACs "
                + change(planned.getOriginal().getMacs(), planned.getPredicted().getMacs());
    }

    private static String blocks(int leftOut) {
        return leftOut == 0 ? "" : ", " + Figures.count(leftOut, "residual block") + " left out";
    }

    private static String verified(Verified verified) {
        String outcome = word(verified.getOutcome().name(), "VERIFICATION_OUTCOME_");
        return verified.getReason().isEmpty()
                ? outcome + ": largest relative difference " + Figures.scientific(verified.getMaxRelativeDifference())
                        + ", allowed " + Figures.scientific(verified.getTolerance())
                : outcome + ": " + verified.getReason();
    }

    private static String repaired(Repaired repaired) {
        return "repaired by " + repaired.getCompensator() + ": "
                + Figures.count(repaired.getParametersChanged(), "parameter") + " changed";
    }

    private static String evaluated(Evaluated evaluated) {
        return metric(evaluated) + " " + word(evaluated.getStage().name(), "EVALUATION_STAGE_") + ": "
                + value(evaluated)
                + (Evaluations.isShare(evaluated) ? " of " : " on ")
                + Figures.count(evaluated.getExamples(), "example");
    }

    private static String metric(Evaluated evaluated) {
        return Evaluations.isAccuracy(evaluated) ? "accuracy" : evaluated.getMetric();
    }

    private static String value(Evaluated evaluated) {
        return Evaluations.isShare(evaluated)
                ? Figures.percent(Evaluations.value(evaluated))
                : Figures.plain(Evaluations.value(evaluated));
    }

    private static String epoch(EpochEnded epoch) {
        return "epoch " + Figures.count(epoch.getEpoch()) + "/" + Figures.count(epoch.getEpochs()) + " ended: loss "
                + Figures.plain(epoch.getLoss())
                + (epoch.hasTraining()
                        ? ", " + metric(epoch.getTraining()) + " in training " + value(epoch.getTraining())
                        : "")
                + (epoch.hasValidation()
                        ? ", " + metric(epoch.getValidation()) + " held back " + value(epoch.getValidation())
                        : "");
    }

    /** What came of a trial of a search. */
    public static String trial(TrialEnded trial) {
        return "trial " + trial.getNumber() + " of at most " + trial.getMost() + ", " + trial.getTarget()
                + (trial.getWay().isEmpty() ? "" : ", " + trial.getWay()) + ": "
                + (!trial.getReached()
                        ? "cannot be reached"
                        : trial.getMetric().isEmpty() ? timed(trial) : kept(trial));
    }

    private static String kept(TrialEnded trial) {
        return trial.getMetric() + " " + Figures.percent(trial.getValue())
                + (trial.hasLatency()
                        ? ", " + Figures.millis(trial.getLatency().getPredictedNanos()) + " predicted"
                        : "")
                + (trial.getKeeps() ? ", kept" : ", not kept");
    }

    private static String timed(TrialEnded trial) {
        double whole = Math.max(1, trial.getLatency().getOriginalNanos());
        return Figures.percent(trial.getLatency().getMeasuredNanos() / whole) + " of the time, "
                + Figures.percent(trial.getLatency().getPredictedNanos() / whole) + " predicted"
                + (trial.getKeeps() ? ", met" : ", too slow");
    }

    private static String latency(LatencyMeasured latency) {
        return "latency: " + Figures.millis(latency.getOriginalMedianNanos()) + " before, "
                + Figures.millis(latency.getPrunedMedianNanos()) + " after";
    }

    private static String saved(Saved saved) {
        return "saved " + word(saved.getKind().name(), "SAVED_KIND_") + " "
                + saved.getFile().getPath() + ", "
                + Figures.bytes(saved.getFile().getBytes());
    }

    /** The verb of a piece of work, such as {@code verify}. */
    public static String work(WorkStarted started) {
        return word(started.getWork().name(), "WORK_");
    }

    /** What is being tried, in one line; empty when nothing is. */
    public static String within(ProgressReported progress) {
        return String.join(", ", progress.getWithinList());
    }

    private static String progress(ProgressReported progress) {
        return (progress.getWithinCount() == 0 ? "" : within(progress) + ": ") + progress.getPhase() + " "
                + Figures.count(progress.getDone())
                + (progress.getTotal() == 0 ? "" : "/" + Figures.count(progress.getTotal()));
    }

    private static String loss(LossReported loss) {
        return "loss " + Figures.plain(loss.getLoss()) + " at step " + Figures.count(loss.getStep())
                + (loss.getEpoch() == 0 ? "" : " of epoch " + Figures.count(loss.getEpoch()));
    }

    private static String finished(RunFinished finished) {
        return "finished: parameters "
                + change(
                        finished.getOriginal().getParameters(),
                        finished.getPruned().getParameters()) + ", MACs "
                + change(finished.getOriginal().getMacs(), finished.getPruned().getMacs()) + ", bytes "
                + change(finished.getOriginal().getBytes(), finished.getPruned().getBytes());
    }

    private static String failed(RunFailed failed) {
        return "failed, " + word(failed.getKind().name(), "FAILURE_KIND_") + ": " + failed.getMessage();
    }

    private static String cost(Cost cost) {
        return Figures.count(cost.getParameters(), "parameter") + ", " + Figures.count(cost.getMacs()) + " MACs, "
                + Figures.bytes(cost.getBytes());
    }

    private static String change(long before, long after) {
        String change = Figures.change(before, after);
        return change.isEmpty() ? "unknown" : change;
    }

    private static String word(String constant, String prefix) {
        return constant.startsWith(prefix)
                ? constant.substring(prefix.length()).toLowerCase(Locale.ROOT).replace('_', ' ')
                : constant.toLowerCase(Locale.ROOT);
    }
}
