package io.espalier.spi.execution;

import io.espalier.spi.Stability;
import io.espalier.spi.tensor.Tensor;
import java.util.Map;

/**
 * A neutral graph compiled for execution, which may keep state (weights, moments, counters) inside the runtime between
 * runs: what an output of one run has computed is an input of the next, without a copy on the heap.
 *
 * <p>Inputs that are state must be given in the first run; later runs give them only to replace what is kept. Outputs
 * that compute state are not among the results. A run that fails leaves the state as it was. Not thread-safe.
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public interface Session extends Runner {

    /**
     * A copy of what is kept now, by the name of the input it will be; empty before the first run and for a graph
     * without state.
     */
    Map<String, Tensor> state();
}
