package io.espalier.plugin.losses;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.loss.LossContext;
import io.espalier.spi.option.OptionSpec;
import java.util.List;
import java.util.Optional;

/** Whether the predictions of the model stand in for labels. */
final class Own {

    private static final String AUTO = "auto";
    private static final String LABELS = "labels";
    private static final String PREDICTIONS = "predictions";

    static final OptionSpec TRUTH = OptionSpec.choice(
            "truth",
            List.of(AUTO, LABELS, PREDICTIONS),
            "what the output is compared with: labels, what the model itself predicts, or (auto) labels where the data has"
                    + " some that fit");

    private Own() {}

    /** The labels in one of some forms; empty when predictions stand in for them. */
    static Optional<String> labels(LossContext context, Target target, List<ValueType> forms) {
        String truth = context.options().text(TRUTH.name());
        if (truth.equals(PREDICTIONS)) {
            return Optional.empty();
        }
        String array = context.options().text(Target.LABELS.name());
        Optional<String> found = context.labels(array, forms);
        if (found.isEmpty() && (truth.equals(LABELS) || !array.isEmpty())) {
            throw target.unfit("the data has no labels that fit it");
        }
        return found;
    }

    /** Refuses an output without real numbers to choose from. */
    static InvalidInputException noClasses(Target target, int axis) {
        return target.unfit("axis " + axis + " does not hold the scores of classes");
    }
}
