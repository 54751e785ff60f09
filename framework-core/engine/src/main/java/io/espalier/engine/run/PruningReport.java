package io.espalier.engine.run;

import io.espalier.engine.evaluate.Evaluation;
import io.espalier.engine.plan.Plan;
import io.espalier.engine.plan.Plan.Recovery.Training;
import io.espalier.engine.recover.FittedWeight;
import io.espalier.engine.search.SearchRecord;
import io.espalier.engine.verify.Verification;
import io.espalier.events.EventLoss;
import io.espalier.graph.cost.Cost;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Everything a finished run has to say.
 *
 * @param runId identifies the run
 * @param tool name and version of the program
 * @param input the original model file
 * @param files what was written
 * @param plan the decision
 * @param names how the groups of the plan are shown
 * @param planDigest SHA-256 of the plan file
 * @param original measures of the original
 * @param pruned measures of the pruned model as it was written
 * @param evaluationAfterCut what the metric says before any repair, when there is data
 * @param evaluationAfterRepair what it says after the repair and before training, when there were both
 * @param verification the proof
 * @param latency latencies of both, when they were measured
 * @param repair what was repaired, when it was asked for
 * @param training how what was pruned was trained, when it was asked for
 * @param cuts the cuts of a model that was pruned while it was trained, in order
 * @param search how the target was found, where an accuracy was asked for
 * @param notes sentences for people about what could not be done
 * @param losses events that did not arrive
 * @param elapsed how long the run took
 */
public record PruningReport(
        String runId,
        String tool,
        Path input,
        Outputs files,
        Plan plan,
        PlanNames names,
        String planDigest,
        Measured original,
        Measured pruned,
        Optional<Evaluation> evaluationAfterCut,
        Optional<Evaluation> evaluationAfterRepair,
        Verification verification,
        Optional<LatencyComparison> latency,
        Optional<RepairSummary> repair,
        Optional<TrainingSummary> training,
        List<CutSummary> cuts,
        Optional<SearchRecord> search,
        List<String> notes,
        List<EventLoss> losses,
        Duration elapsed) {

    public PruningReport {
        cuts = List.copyOf(cuts);
        notes = List.copyOf(notes);
        losses = List.copyOf(losses);
    }

    /**
     * A cut of a model that was pruned while it was trained.
     *
     * @param step steps of training that were over
     * @param cost what was left
     * @param plan the plan of all that was gone then
     */
    public record CutSummary(long step, Cost cost, Path plan) {}

    /**
     * How the pruned model was trained.
     *
     * @param how what the plan records of it
     * @param losses the mean loss of each epoch
     */
    public record TrainingSummary(Training how, List<Double> losses) {
        public TrainingSummary {
            losses = List.copyOf(losses);
        }

        /** Both trainings as one, of which this was the later. */
        TrainingSummary after(TrainingSummary first) {
            List<Double> all = new ArrayList<>(first.losses());
            all.addAll(losses);
            return new TrainingSummary(
                    new Training(
                            how.loss(),
                            how.optimizer(),
                            first.how().epochs() + how.epochs(),
                            how.examples(),
                            how.teacher()),
                    all);
        }
    }

    /**
     * What a compensator did.
     *
     * @param parameters how many constants it changed
     * @param examples calibration examples it was given
     * @param fitted weights that it fitted, or tried to, in order
     */
    public record RepairSummary(String compensator, int parameters, long examples, List<FittedWeight> fitted) {
        public RepairSummary {
            fitted = List.copyOf(fitted);
        }
    }
}
