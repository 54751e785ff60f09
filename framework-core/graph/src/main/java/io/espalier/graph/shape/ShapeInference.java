package io.espalier.graph.shape;

import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.Graph;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Finds the shape of every value of a graph from the shapes of its inputs, symbolically.
 *
 * <p>Small integer tensors are followed element by element, so that shapes computed by the graph itself come out as
 * polynomials. An operator nobody knows is no error: its outputs have the declared shape, or none.
 */
public final class ShapeInference {

    private ShapeInference() {}

    /**
     * Infers every value of a graph and of its sub-graphs.
     *
     * @param graph names of values are unique over the graph and its sub-graphs
     * @param rules the rules of the operators
     */
    public static Shapes infer(Graph graph, ShapeRules rules) {
        return infer(graph, rules, value -> Optional.empty());
    }

    /**
     * Infers every value of a graph of which the shapes of some values are given.
     *
     * <p>This is how surgery learns what the shape arithmetic of a model computes once channels are gone, before the
     * operands that depend on it are rewritten.
     *
     * @param given the shape of a value whatever its operator says, or empty
     */
    public static Shapes infer(Graph graph, ShapeRules rules, Function<String, Optional<List<Dim>>> given) {
        return new Inference(rules, given).run(graph);
    }
}
