package io.espalier.spi.compensator;

import io.espalier.spi.RunContext;
import io.espalier.spi.Stability;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.option.Options;
import io.espalier.spi.provider.Provider;
import io.espalier.spi.tensor.Tensor;
import java.util.Map;

/**
 * Repairs weights after the cut without training. Runs after the pruned model has been proved equal to the masked one.
 *
 * <p>Stateless and thread-safe.
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public interface WeightCompensator extends Provider {

    /**
     * Computes better constants for a pruned graph.
     *
     * @param pruned the pruned graph
     * @param calibration training data; never the data that measures the result
     * @param executor runs neutral graphs
     * @return new values by constant name, of unchanged type and shape; empty when there is nothing to repair
     */
    Map<String, Tensor> compensate(
            Graph pruned, Dataset calibration, GraphExecutor executor, Options options, RunContext context);
}
