package io.espalier.api;

import io.espalier.engine.run.Outputs;
import io.espalier.spi.Stability;
import java.nio.file.Path;

/**
 * Where a run that prunes writes.
 *
 * @param model the pruned model
 * @param plan the plan beside it
 * @param journal the events beside it
 * @param report the report beside it
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public record OutputFiles(Path model, Path plan, Path journal, Path report) {

    /** The files of a run that prunes to a model file. */
    public static OutputFiles of(Path model) {
        return of(Outputs.of(model));
    }

    /** What says how the model is to be trained; written where it is pruned before training. */
    public Path training() {
        return Outputs.of(model).training();
    }

    /** What the model takes at several widths; written where a latency is the target. */
    public Path latencyTable() {
        return Outputs.of(model).latency();
    }

    static OutputFiles of(Outputs outputs) {
        return new OutputFiles(outputs.model(), outputs.plan(), outputs.journal(), outputs.report());
    }
}
