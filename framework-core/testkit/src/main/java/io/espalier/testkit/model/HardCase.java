package io.espalier.testkit.model;

import io.espalier.spi.graph.Graph;
import java.util.function.Function;

/**
 * A minimal graph for one situation that coupling analysis is known to get wrong.
 *
 * @param name short name in kebab case
 * @param graph widths are small and, where possible, pairwise distinct; integer inputs are indices below 4
 * @param says what must be coupled with what, and what must be frozen
 */
public record HardCase(String name, Graph graph, String says) {

    private static final long SEED = 20_24;

    /** Builds a case; the body returns the value that becomes the output. */
    static HardCase of(String name, String says, Function<GraphBuilder, String> body) {
        GraphBuilder graph = new GraphBuilder(name, SEED);
        return new HardCase(name, graph.output(body.apply(graph)).build(), says);
    }

    @Override
    public String toString() {
        return name;
    }
}
