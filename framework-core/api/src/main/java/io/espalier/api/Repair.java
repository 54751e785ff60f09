package io.espalier.api;

import io.espalier.engine.recover.FittedWeight;
import io.espalier.engine.run.PruningReport.RepairSummary;
import io.espalier.spi.Stability;
import java.util.List;

/**
 * What a compensator did to weights after the cut.
 *
 * @param compensator its name
 * @param parameters how many constants it changed
 * @param examples calibration examples it was given
 * @param weights the weights that it fitted to what the original computed, or tried to; empty for one that does not fit
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public record Repair(String compensator, int parameters, long examples, List<Weight> weights) {

    public Repair {
        weights = List.copyOf(weights);
    }

    /**
     * What became of a weight. Errors are sums of squared differences from what the original computed, relative to the sum
     * of its squares, on examples that were held back; NaN where they were not measured.
     *
     * @param name its name
     * @param errorBefore the error as the cut had left it
     * @param errorAfter the error now
     * @param reason why it is as the cut has left it; empty when it was changed
     */
    @Stability(value = Stability.Level.EVOLVING, since = "0.3.0")
    public record Weight(String name, double errorBefore, double errorAfter, String reason) {

        private static Weight of(FittedWeight fitted) {
            return new Weight(fitted.weight(), fitted.before(), fitted.after(), fitted.reason());
        }
    }

    static Repair of(RepairSummary summary) {
        return new Repair(
                summary.compensator(),
                summary.parameters(),
                summary.examples(),
                summary.fitted().stream().map(Weight::of).toList());
    }
}
