package io.espalier.spi.compensator;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.RunContext;
import io.espalier.spi.Stability;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.data.Batches;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.option.Options;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What a compensator works with. Thread-safe. */
@Stability(value = Stability.Level.EVOLVING, since = "0.2.0")
public interface CompensationContext extends RunContext {

    /** The validated options of the compensator. */
    Options options();

    /** The graph before the cut. */
    Graph original();

    /** The graph after the cut. Nodes have the names they have in the original. */
    Graph pruned();

    /** What the cut keeps of the original. */
    KeptPositions kept();

    /**
     * Training data, matched with the inputs of the graph and checked; never the data that measures the result. A
     * compensator divides it with {@link Batches#with}.
     */
    Batches calibration();

    /** Runs neutral graphs. */
    GraphExecutor executor();

    /**
     * Says something about the result to people, such as that there is too little data for it: one sentence that begins in lower
     * case. By default nobody hears it.
     */
    default void note(String sentence) {}

    /**
     * Measures what weights that contract were multiplied with before the cut.
     *
     * @param settings how many samples count; the rest says nothing here
     * @return finds a weight by the first output of the node that applies it; empty for a weight of which nothing was cut or
     *     measured. By default it finds none.
     */
    default Function<String, Optional<UncutWeight>> uncut(RefitSettings settings) {
        return node -> Optional.empty();
    }

    /**
     * Refits the weights that contract one after the other, in the order in which data meets them. Each is fitted on what the
     * pruned graph computes with the weights before it already refitted, towards what the original computed in the same
     * place, on most of the calibration data; it is changed where that lowers the error on the rest.
     *
     * @param solver finds each weight
     * @param settings how
     * @return edits of the pruned graph
     * @throws InvalidInputException when the calibration data has fewer than two examples
     */
    List<Edit> refit(WeightSolver solver, RefitSettings settings);
}
