package io.espalier.api;

import io.espalier.engine.run.PruningReport.CutSummary;
import io.espalier.spi.Stability;
import java.nio.file.Path;

/**
 * A cut of a model that was pruned while it was trained.
 *
 * @param step steps of training that were over
 * @param cost what was left
 * @param plan the file of the plan of all that was gone then
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.3.0")
public record Cut(long step, Cost cost, Path plan) {

    static Cut of(CutSummary summary) {
        return new Cut(summary.step(), Cost.of(summary.cost()), summary.plan());
    }
}
