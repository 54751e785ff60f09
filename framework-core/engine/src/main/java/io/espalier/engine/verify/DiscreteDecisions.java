package io.espalier.engine.verify;

import io.espalier.engine.coupling.channel.KeptIndices;
import io.espalier.graph.operator.OperatorDefinition;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.operator.Trait;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Results of operators that sort, compare, choose or round: a difference in the last place of an operand may turn it
 * over, and then everything behind it differs.
 *
 * @param operands operands that are not cut, to be compared themselves
 * @param results what comes out, by name, with its type
 */
record DiscreteDecisions(List<String> operands, Map<String, ValueType> results) {

    static DiscreteDecisions of(Graph graph, Shapes shapes, Operators operators, KeptIndices keptIndices) {
        Set<String> dependent = dependent(graph, operators);
        Set<String> operands = new LinkedHashSet<>();
        Map<String, ValueType> results = new LinkedHashMap<>();
        for (Node node : graph.nodes()) {
            List<String> decisive = new ArrayList<>(decisive(node, shapes, operators));
            decisive.removeIf(value -> !dependent.contains(value));
            if (decisive.isEmpty()) {
                continue;
            }
            decisive.stream().filter(value -> !keptIndices.touches(value)).forEach(operands::add);
            if (decisive.stream().noneMatch(keptIndices::touches) && !isCut(node, keptIndices)) {
                results(node, shapes).ifPresent(results::putAll);
            }
        }
        return new DiscreteDecisions(List.copyOf(operands), results);
    }

    /** Values that depend on what is in the inputs, not on their extents alone. */
    private static Set<String> dependent(Graph graph, Operators operators) {
        Set<String> dependent = new LinkedHashSet<>(graph.inputs().keySet());
        Set<String> computed = new LinkedHashSet<>();
        for (Node node : graph.nodes()) {
            if (!operators.is(node, Trait.READS_EXTENTS)
                    && node.reads().stream().anyMatch(dependent::contains)) {
                dependent.addAll(node.outputs());
                computed.addAll(node.outputs());
            }
        }
        return computed;
    }

    /** A node whose body chooses decides by all it reads. */
    private static Collection<String> decisive(Node node, Shapes shapes, Operators operators) {
        return chooses(node.bodies(), shapes, operators)
                ? node.reads()
                : node.inputs()
                        .subList(
                                0,
                                Math.min(
                                        deciding(node, shapes, operators),
                                        node.inputs().size()));
    }

    private static boolean chooses(List<Graph> bodies, Shapes shapes, Operators operators) {
        return bodies.stream()
                .flatMap(body -> body.nodes().stream())
                .anyMatch(
                        inner -> deciding(inner, shapes, operators) > 0 || chooses(inner.bodies(), shapes, operators));
    }

    /** Whether a result of a node or of its bodies is cut. */
    private static boolean isCut(Node node, KeptIndices keptIndices) {
        return node.outputs().stream().anyMatch(keptIndices::touches)
                || node.bodies().stream()
                        .flatMap(body -> body.nodes().stream())
                        .anyMatch(inner ->
                                inner.reads().stream().anyMatch(keptIndices::touches) || isCut(inner, keptIndices));
    }

    private static int deciding(Node node, Shapes shapes, Operators operators) {
        if (operators.is(node, Trait.CASTS)) {
            boolean real = shapes.type(node.inputs().get(0))
                    .filter(DataType::isFloating)
                    .isPresent();
            boolean whole = shapes.type(node.outputs().get(0))
                    .filter(type -> !type.isFloating())
                    .isPresent();
            return real && whole ? 1 : 0;
        }
        return operators.of(node).map(OperatorDefinition::decidingInputs).orElse(0);
    }

    private static Optional<Map<String, ValueType>> results(Node node, Shapes shapes) {
        Map<String, ValueType> results = new LinkedHashMap<>();
        for (String output : node.outputs()) {
            Optional<DataType> type = shapes.type(output);
            if (type.isPresent()) {
                results.put(
                        output, new ValueType(type.get(), shapes.shape(output).map(DiscreteDecisions::dimensions)));
            } else if (!output.isEmpty()) {
                return Optional.empty();
            }
        }
        return Optional.of(results);
    }

    private static List<Dimension> dimensions(List<Dim> shape) {
        return shape.stream()
                .<Dimension>map(extent ->
                        extent.isConstant() ? new Dimension.Fixed(extent.constant()) : new Dimension.Unknown())
                .toList();
    }

    /** The graph that takes the results as inputs instead of deciding. */
    Graph decided(Graph graph) {
        Map<String, ValueType> inputs = new LinkedHashMap<>(graph.inputs());
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            if (node.outputs().stream().noneMatch(results::containsKey)) {
                nodes.add(node);
            }
        }
        inputs.putAll(results);
        List<String> outputs = graph.outputs().stream()
                .filter(output -> !results.containsKey(output))
                .toList();
        return new Graph(graph.name(), inputs, outputs, nodes, graph.constants(), graph.declared(), graph.given());
    }

    boolean isEmpty() {
        return results.isEmpty();
    }

    /** The inputs of a decided graph, with the results that the masked original computed. */
    Map<String, Tensor> withResults(Map<String, Tensor> inputs, Map<String, Tensor> made) {
        Map<String, Tensor> all = new LinkedHashMap<>(inputs);
        results.keySet().forEach(name -> all.put(name, made.get(name)));
        return all;
    }
}
