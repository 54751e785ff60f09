package io.espalier.spi.adapter;

import io.espalier.spi.Stability;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.provider.Provider;

/**
 * Runs neutral graphs: the back end of verification, of compensators and, later, of training.
 *
 * <p>Thread-safe; the runners it makes are not.
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public interface GraphExecutor extends Provider {

    /**
     * Compiles a graph.
     *
     * @param graph operators at {@link Graph#OPSET} plus the contrib operators the back end knows
     * @param settings how to compile
     * @throws ExecutionException when the runtime refuses the graph
     */
    Runner prepare(Graph graph, Settings settings);

    /**
     * How a graph is compiled.
     *
     * @param threads worker threads, at least 1
     * @param optimise whether the runtime may rewrite the graph
     */
    record Settings(int threads, boolean optimise) {

        /** One thread, optimised. */
        public static final Settings DEFAULT = new Settings(1, true);

        /** One thread, exactly the operators given. */
        public static final Settings PLAIN = new Settings(1, false);
    }
}
