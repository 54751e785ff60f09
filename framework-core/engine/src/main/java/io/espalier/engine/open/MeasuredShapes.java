package io.espalier.engine.open;

import io.espalier.graph.flow.Workload;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.Budget;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Runs the part of an original that leads to operators without a shape rule, one after the other, and notes what comes out. */
final class MeasuredShapes {

    private final Model model;
    private final Operators operators;
    private final Budget budget;
    private final Set<String> asked = new HashSet<>();

    private MeasuredShapes(Model model, Operators operators, Budget budget) {
        this.model = model;
        this.operators = operators;
        this.budget = budget;
    }

    /** The graph of a model with the types that were found; the same object when there was nothing to find. */
    static Graph complete(Model model, Graph graph, Operators operators, Budget budget) {
        return new MeasuredShapes(model, operators, budget).complete(graph);
    }

    private Graph complete(Graph graph) {
        if (graph.nodes().stream().noneMatch(this::hasNoRule)) {
            return graph;
        }
        Graph known = graph;
        while (true) {
            Shapes shapes = operators.infer(known);
            List<String> wanted = known.nodes().stream()
                    .filter(node -> hasNoRule(node) && isNext(node, shapes) && asked.add(node.id()))
                    .flatMap(node -> node.outputs().stream())
                    .filter(output -> !output.isEmpty() && shapes.shape(output).isEmpty())
                    .toList();
            if (wanted.isEmpty()
                    || known.inputs().keySet().stream()
                            .anyMatch(input -> shapes.shape(input).isEmpty())) {
                return known;
            }
            Map<String, ValueType> declared = new LinkedHashMap<>(known.declared());
            Workload.require(known, shapes, budget);
            Map<String, ValueType> found = new Measuring(model, known, shapes, operators, budget).types(wanted);
            if (!found.isEmpty()) {
                declared.putAll(found);
                known = known.withDeclared(declared);
            }
        }
    }

    /** Standard operators without a rule make no tensors. */
    private boolean hasNoRule(Node node) {
        return !node.domain().isEmpty()
                && !node.domain().equals(Node.OWN_DOMAIN)
                && operators.shapeRule(node).isEmpty();
    }

    /** Whether everything the operator reads is known, and something that it makes is not. */
    private static boolean isNext(Node node, Shapes shapes) {
        return node.inputs().stream()
                        .allMatch(
                                input -> input.isEmpty() || shapes.shape(input).isPresent())
                && node.outputs().stream()
                        .anyMatch(output ->
                                !output.isEmpty() && shapes.shape(output).isEmpty());
    }
}
