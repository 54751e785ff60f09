package io.espalier.api;

import io.espalier.engine.plan.Plan.Recovery;
import io.espalier.engine.run.PruningReport.TrainingSummary;
import io.espalier.spi.Stability;
import java.util.List;
import java.util.Optional;

/**
 * How a pruned model was trained.
 *
 * @param loss name of the loss
 * @param optimizer name of the optimizer, with its options
 * @param examples how many examples an epoch has
 * @param teacher what the model was trained to agree with besides the labels: {@code original}, or the name of a file
 * @param losses the mean loss of each epoch
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.3.0")
public record FineTuned(String loss, String optimizer, long examples, Optional<String> teacher, List<Double> losses) {

    public FineTuned {
        losses = List.copyOf(losses);
    }

    static FineTuned of(TrainingSummary summary) {
        Recovery.Training how = summary.how();
        return new FineTuned(how.loss(), how.optimizer(), how.examples(), how.teacher(), summary.losses());
    }
}
