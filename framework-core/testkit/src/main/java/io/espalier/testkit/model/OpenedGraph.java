package io.espalier.testkit.model;

import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.ValueType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * A graph some fixed extents of whose inputs were left open, and that declares no other shape.
 *
 * @param graph the graph
 * @param extents what the extents were, by the name each has now
 */
public record OpenedGraph(Graph graph, Map<String, Long> extents) {

    /** Opens each fixed extent with an even chance, and at least one. */
    public static OpenedGraph of(Graph graph, long seed) {
        for (long attempt = 0; ; attempt++) {
            OpenedGraph opened = opened(graph, new SplittableRandom(31 * seed + attempt));
            if (!opened.extents().isEmpty() || attempt > 100) {
                return opened;
            }
        }
    }

    private static OpenedGraph opened(Graph graph, SplittableRandom random) {
        Map<String, Long> extents = new LinkedHashMap<>();
        Map<String, ValueType> inputs = new LinkedHashMap<>();
        graph.inputs().forEach((name, type) -> {
            List<Dimension> shape = new ArrayList<>(type.shape().orElseThrow());
            for (int axis = 0; axis < shape.size(); axis++) {
                if (shape.get(axis) instanceof Dimension.Fixed fixed && random.nextBoolean()) {
                    String symbol = name + "_open" + axis;
                    extents.put(symbol, fixed.extent());
                    shape.set(axis, new Dimension.Symbol(symbol));
                }
            }
            inputs.put(name, new ValueType(type.type(), Optional.of(shape)));
        });
        Map<String, ValueType> declared = new LinkedHashMap<>();
        graph.declared().forEach((name, type) -> declared.put(name, new ValueType(type.type(), Optional.empty())));
        Graph opened = new Graph(graph.name(), inputs, graph.outputs(), graph.nodes(), graph.constants(), declared);
        return new OpenedGraph(opened, extents);
    }
}
