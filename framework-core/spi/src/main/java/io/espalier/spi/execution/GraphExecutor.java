package io.espalier.spi.execution;

import io.espalier.spi.Budget;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Stability;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.provider.Noun;
import io.espalier.spi.provider.Provider;
import java.util.Map;

/**
 * Runs neutral graphs: the back end of verification, of metrics, of compensators and, later, of training.
 *
 * <p>Thread-safe; the sessions it makes are not, but several may run side by side.
 */
@Noun("executor")
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public interface GraphExecutor extends Provider {

    /**
     * Compiles a graph. A run of the session that takes longer than the settings allow ends with a {@link
     * io.espalier.spi.BudgetException}, where the back end can stop it.
     *
     * @param graph operators at {@link Graph#OPSET} plus the contrib operators the back end knows
     * @param settings how to compile
     * @param state for each input whose value the session keeps, the output that computes its next value
     * @throws ExecutionException when the runtime refuses the graph
     * @throws InvalidInputException when there is no such device; the message names those there are
     * @throws IllegalArgumentException when the graph has no such input or output, or two inputs keep one output
     */
    Session prepare(Graph graph, Settings settings, Map<String, String> state);

    /** Compiles a graph without state. */
    default Session prepare(Graph graph, Settings settings) {
        return prepare(graph, settings, Map.of());
    }

    /** What a session is for; a back end chooses by it how to use memory, never what to compute. */
    enum Purpose {
        /** A few runs of many graphs: memory is given back after each. */
        PROOF,
        /** Many runs over a data set. */
        EVALUATION,
        /** Many runs with state, the same numbers each time. */
        TRAINING
    }

    /**
     * How a graph is compiled.
     *
     * @param purpose what the session is for
     * @param device where it runs, such as {@code cpu}
     * @param threads worker threads, at least 1
     * @param optimise whether the runtime may rewrite the graph
     * @param seconds how long one run may take
     */
    record Settings(Purpose purpose, String device, int threads, boolean optimise, long seconds) {

        /** The device every back end has. */
        public static final String CPU = "cpu";

        /** For a proof: one thread of the processor, optimised. */
        public static final Settings DEFAULT = of(Purpose.PROOF);

        /** For a proof: one thread of the processor, exactly the operators given. */
        public static final Settings PLAIN = of(Purpose.PROOF).plain();

        public Settings {
            if (threads < 1) {
                throw new IllegalArgumentException("a session needs at least one thread, not " + threads);
            }
        }

        /** One thread of the processor, optimised. */
        public static Settings of(Purpose purpose) {
            return new Settings(purpose, CPU, 1, true, Budget.DEFAULT.seconds());
        }

        /** These settings with another number of threads. */
        public Settings withThreads(int number) {
            return new Settings(purpose, device, number, optimise, seconds);
        }

        /** These settings on another device. */
        public Settings on(String other) {
            return new Settings(purpose, other, threads, optimise, seconds);
        }

        /** These settings with exactly the operators given. */
        public Settings plain() {
            return new Settings(purpose, device, threads, false, seconds);
        }

        /** These settings with another limit for one run. */
        public Settings within(long other) {
            return new Settings(purpose, device, threads, optimise, other);
        }
    }
}
