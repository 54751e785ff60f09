package io.espalier.engine.verify;

import io.espalier.graph.operator.NodeView;
import io.espalier.graph.operator.OperatorDefinition;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.Quoted;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.operator.SlotRole;
import io.espalier.spi.tensor.DataType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
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
        ReplayedNoise noise = new ReplayedNoise(new LinkedHashMap<>(), shapes, operators);
        Set<String> read = new LinkedHashSet<>(graph.outputs());
        graph.nodes().forEach(node -> read.addAll(node.reads()));
        for (Node node : graph.nodes()) {
            // The mask of a Dropout, where something reads it, belongs to numbers that are drawn together.
            boolean alone =
                    node.outputs().stream().skip(1).noneMatch(output -> !output.isEmpty() && read.contains(output));
            if (alone && shapes.shape(node.id()).isPresent() && noise.of(node).isPresent()) {
                noise.drawn.put(node.id(), node);
            }
        }
        return noise;
    }

    /** No random numbers, whatever a graph draws. */
    static ReplayedNoise none(Shapes shapes, Operators operators) {
        return new ReplayedNoise(Map.of(), shapes, operators);
    }

    /** The first node of a graph, or of its bodies, that draws random numbers, in words; empty when none is known to. */
    static Optional<String> drawing(Graph graph, Shapes shapes, Operators operators) {
        ReplayedNoise none = none(shapes, operators);
        return graph.nodes().stream()
                .flatMap(node -> Stream.concat(
                        none.of(node).map(noise -> node.operator() + " " + Quoted.name(node.id())).stream(),
                        node.bodies().stream().flatMap(body -> drawing(body, shapes, operators).stream())))
                .findFirst();
    }

    private Optional<OperatorDefinition.Noise> of(Node node) {
        return operators.of(node).flatMap(definition -> definition.noise(new NodeView(node, shapes)));
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
        return of(node).orElseThrow().draw(new NodeView(node, shapes), random);
    }

    /** The graph that takes the numbers as inputs. What they depend on is an output, for nothing else may depend on it. */
    Graph replayed(Graph graph) {
        Map<String, ValueType> inputs = new LinkedHashMap<>(graph.inputs());
        List<Node> nodes = new ArrayList<>();
        Set<String> operands = new LinkedHashSet<>();
        for (Node node : graph.nodes()) {
            if (drawn.containsKey(node.id())) {
                inputs.put(node.id(), type(node.id()));
                operands.addAll(data(node));
            } else {
                nodes.add(node);
            }
        }
        List<String> outputs = Stream.concat(graph.outputs().stream(), operands.stream())
                .distinct()
                .filter(output -> !inputs.containsKey(output)
                        && !graph.constants().containsKey(output)
                        && !graph.given().containsKey(output))
                .toList();
        return new Graph(graph.name(), inputs, outputs, nodes, graph.constants(), graph.declared(), graph.given());
    }

    /** The operands that what is drawn may depend on. */
    private List<String> data(Node node) {
        NodeView view = new NodeView(node, shapes);
        OperatorDefinition definition = operators.of(node).orElseThrow();
        return IntStream.range(0, node.inputs().size())
                .filter(slot -> node.input(slot).isPresent() && definition.role(view, slot) == SlotRole.DATA)
                .mapToObj(node.inputs()::get)
                .toList();
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
