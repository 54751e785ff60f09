package io.espalier.engine.verify;

import io.espalier.graph.operator.NodeView;
import io.espalier.graph.operator.OperatorDefinition;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * The random numbers that a graph draws, as inputs of it. Two graphs that are given the same numbers can be compared; two that
 * draw their own cannot. What is drawn is never cut, because random operators need every position of their operand.
 *
 * @param drawn the random nodes, by what they return
 */
record ReplayedNoise(Map<String, Node> drawn, Shapes shapes, Operators operators) {

    /** The random nodes of a graph; those in its bodies, which may draw several times, are left out. */
    static ReplayedNoise of(Graph graph, Shapes shapes, Operators operators) {
        Map<String, Node> drawn = new LinkedHashMap<>();
        for (Node node : graph.nodes()) {
            boolean draws =
                    operators.of(node).flatMap(OperatorDefinition::noise).isPresent();
            if (draws && shapes.shape(node.id()).isPresent()) {
                drawn.put(node.id(), node);
            }
        }
        return new ReplayedNoise(drawn, shapes, operators);
    }

    boolean isEmpty() {
        return drawn.isEmpty();
    }

    boolean contains(String input) {
        return drawn.containsKey(input);
    }

    /** A number that a random node could have drawn. */
    double draw(String input, SplittableRandom random) {
        Node node = drawn.get(input);
        return operators
                .of(node)
                .flatMap(OperatorDefinition::noise)
                .orElseThrow()
                .draw(new NodeView(node, shapes), random);
    }

    /** The graph that takes the numbers as inputs. What decides between them is an output, for nothing else depends on it. */
    Graph replayed(Graph graph) {
        Map<String, ValueType> inputs = new LinkedHashMap<>(graph.inputs());
        List<Node> nodes = new ArrayList<>();
        Set<String> operands = new LinkedHashSet<>();
        for (Node node : graph.nodes()) {
            if (drawn.containsKey(node.id())) {
                inputs.put(node.id(), type(node.id()));
                int deciding = operators
                        .of(node)
                        .map(OperatorDefinition::decidingInputs)
                        .orElse(0);
                operands.addAll(node.inputs().subList(0, deciding));
            } else {
                nodes.add(node);
            }
        }
        List<String> outputs = Stream.concat(graph.outputs().stream(), operands.stream())
                .distinct()
                .filter(output -> !inputs.containsKey(output))
                .toList();
        return new Graph(graph.name(), inputs, outputs, nodes, graph.constants(), graph.declared(), graph.given());
    }

    private ValueType type(String value) {
        List<Dimension> extents =
                shapes.require(value).stream().map(ReplayedNoise::extent).toList();
        return new ValueType(shapes.type(value).orElse(DataType.FLOAT32), Optional.of(extents));
    }

    private static Dimension extent(Dim extent) {
        if (extent.isConstant()) {
            return new Dimension.Fixed(extent.constant());
        }
        return extent.symbols().stream()
                .filter(symbol -> extent.equals(Dim.symbol(symbol)))
                .findFirst()
                .<Dimension>map(Dimension.Symbol::new)
                .orElseGet(Dimension.Unknown::new);
    }

    /** The outputs of a graph that depend on no random number. */
    Set<String> settled(Graph graph) {
        Set<String> random = new LinkedHashSet<>(drawn.keySet());
        for (Node node : graph.nodes()) {
            if (node.reads().stream().anyMatch(random::contains)) {
                random.addAll(node.outputs());
            }
        }
        Set<String> settled = new LinkedHashSet<>(graph.outputs());
        settled.removeAll(random);
        return settled;
    }
}
