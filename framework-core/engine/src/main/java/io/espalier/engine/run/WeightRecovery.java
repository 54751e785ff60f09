package io.espalier.engine.run;

import io.espalier.engine.evaluate.Evaluation;
import io.espalier.engine.plan.Plan.Recovery;
import io.espalier.engine.run.PruningReport.RepairSummary;
import io.espalier.engine.run.PruningReport.TrainingSummary;
import io.espalier.spi.adapter.Edit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What was done to the weights after the cut.
 *
 * @param edits what it changes in the model that was cut; none when nothing was done
 * @param repair what was repaired
 * @param training how the model was trained
 * @param afterRepair what the metric says between the repair and the training
 */
record WeightRecovery(
        List<Edit> edits,
        Optional<RepairSummary> repair,
        Optional<TrainingSummary> training,
        Optional<Evaluation> afterRepair) {

    static final WeightRecovery NONE =
            new WeightRecovery(List.of(), Optional.empty(), Optional.empty(), Optional.empty());

    WeightRecovery {
        edits = List.copyOf(edits);
    }

    static WeightRecovery repaired(List<Edit> edits, RepairSummary summary) {
        return new WeightRecovery(edits, Optional.of(summary), Optional.empty(), Optional.empty());
    }

    /** This and what training made of it, after training before where there was some. */
    WeightRecovery trained(FineTuning.Trained trained, Optional<Evaluation> before) {
        List<Edit> all = new ArrayList<>(edits);
        all.addAll(trained.edits());
        TrainingSummary summary = new TrainingSummary(trained.summary(), trained.losses());
        return new WeightRecovery(all, repair, training.map(summary::after).or(() -> Optional.of(summary)), before);
    }

    /** What the plan records as the name of what changed the weights. */
    String name() {
        return Stream.concat(
                        repair.map(RepairSummary::compensator).stream(),
                        training.map(each -> Recovery.TRAINING).stream())
                .collect(Collectors.joining(", "));
    }
}
