package io.espalier.graph.shape;

import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import java.util.ArrayList;
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

    /** Infers every value of a graph and of its sub-graphs. */
    public static Shapes infer(Graph graph) {
        return infer(graph, List.of());
    }

    /**
     * Infers every value of a graph and of its sub-graphs.
     *
     * @param graph names of values are unique over the graph and its sub-graphs
     * @param additional rules for more operators; they win over built-in ones
     */
    public static Shapes infer(Graph graph, List<ShapeRule> additional) {
        return infer(graph, additional, value -> Optional.empty());
    }

    /**
     * Infers every value of a graph of which the shapes of some values are given.
     *
     * <p>This is how surgery learns what the shape arithmetic of a model computes once channels are gone, before the
     * operands that depend on it are rewritten.
     *
     * @param given the shape of a value whatever its operator says, or empty
     */
    public static Shapes infer(Graph graph, List<ShapeRule> additional, Function<String, Optional<List<Dim>>> given) {
        RuleTable table = RuleTable.known();
        if (!additional.isEmpty()) {
            table = table.copy();
            for (ShapeRule rule : additional) {
                table.add(0, scope -> apply(rule, scope), rule.operators().toArray(String[]::new));
            }
        }
        return new Inference(table, given).run(graph, additional);
    }

    private static void apply(ShapeRule rule, NodeScope scope) {
        Node node = scope.node();
        List<Optional<List<Dim>>> inputs = new ArrayList<>();
        for (int slot = 0; slot < node.inputs().size(); slot++) {
            inputs.add(scope.knownShape(slot));
        }
        List<Optional<List<Dim>>> outputs = rule.infer(node, inputs);
        for (int slot = 0; slot < outputs.size(); slot++) {
            int target = slot;
            outputs.get(slot).ifPresent(shape -> scope.put(target, shape));
        }
    }
}
