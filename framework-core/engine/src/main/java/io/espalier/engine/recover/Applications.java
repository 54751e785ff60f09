package io.espalier.engine.recover;

import io.espalier.graph.operator.NodeView;
import io.espalier.graph.operator.OperatorDefinition;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.operator.WeightMatrix;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.GraphIndex;
import io.espalier.spi.graph.Node;
import io.espalier.spi.operator.SlotRole;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Finds the applications of weights that can be fitted: of constants of real numbers that nothing else reads. */
final class Applications {

    private final Set<String> varying;
    private final GraphIndex index;
    private final Shapes shapes;
    private final Operators operators;
    private final GraphExecutor executor;

    /**
     * Looks into a graph.
     *
     * @param varying values that depend on its inputs
     */
    Applications(Set<String> varying, GraphIndex index, Shapes shapes, Operators operators, GraphExecutor executor) {
        this.varying = varying;
        this.index = index;
        this.shapes = shapes;
        this.operators = operators;
        this.executor = executor;
    }

    /** The applications, in the order of their nodes. */
    List<Application> all() {
        List<Application> found = new ArrayList<>();
        for (Node node : index.graph().nodes()) {
            if (node.reads().stream().anyMatch(varying::contains)) {
                operators.of(node).flatMap(definition -> of(node, definition)).ifPresent(found::add);
            }
        }
        return found;
    }

    /** Weights that are multiplied with data and cannot be fitted, each with the reason. */
    List<FittedWeight> others() {
        Set<String> fitted = new HashSet<>();
        all().forEach(application -> fitted.add(application.node().id()));
        List<FittedWeight> others = new ArrayList<>();
        for (Node node : index.graph().nodes()) {
            if (!fitted.contains(node.id()) && node.reads().stream().anyMatch(varying::contains)) {
                others(node, others);
            }
        }
        return others;
    }

    private void others(Node node, List<FittedWeight> others) {
        inBodies(node, others);
        boolean contracts = operators
                .of(node)
                .filter(definition -> definition.contracts(new NodeView(node, shapes)))
                .isPresent();
        weights(node)
                .forEach(weight -> others.add(left(
                        node,
                        weight,
                        contracts
                                ? "something else reads it, or it is computed in a way that cannot be undone"
                                : "its operator does more than multiply it with data")));
    }

    private void inBodies(Node node, List<FittedWeight> others) {
        for (Graph body : node.bodies()) {
            for (Node inner : body.nodes()) {
                weights(inner).forEach(weight -> others.add(left(node, weight, "it is applied in a body")));
                inBodies(inner, others);
            }
        }
    }

    private static FittedWeight left(Node node, String weight, String reason) {
        return new FittedWeight(node.id(), weight, Double.NaN, Double.NaN, reason);
    }

    /** The constants of two axes or more that a node reads and multiplies data with. */
    private List<String> weights(Node node) {
        Optional<OperatorDefinition> definition = operators.of(node);
        NodeView view = new NodeView(node, shapes);
        if (definition.isEmpty() || definition.get().macs(view).isEmpty()) {
            return List.of();
        }
        return node.inputs().stream()
                .filter(value -> !value.isEmpty() && !varying.contains(value))
                .map(index::origin)
                .filter(value -> Optional.ofNullable(index.constants().get(value))
                        .map(constant -> constant.shape().size() > 1)
                        .orElse(index.producer(value).isPresent()))
                .toList();
    }

    private Optional<Application> of(Node node, OperatorDefinition definition) {
        NodeView view = new NodeView(node, shapes);
        for (int slot = 0; slot < node.inputs().size() && definition.contracts(view); slot++) {
            Optional<Operand> weight = operand(node, slot);
            if (weight.isPresent()) {
                Optional<WeightMatrix> matrix = WeightMatrix.of(
                                definition, view, slot, weight.get().shape())
                        .filter(found -> varying.contains(node.inputs().get(found.dataSlot())));
                if (matrix.isPresent()) {
                    return Optional.of(of(matrix.get(), weight.get(), definition, view));
                }
            }
        }
        return Optional.empty();
    }

    private Application of(WeightMatrix matrix, Operand weight, OperatorDefinition definition, NodeView view) {
        Node node = view.node();
        for (int slot = 0; slot < node.inputs().size(); slot++) {
            if (definition.role(view, slot) == SlotRole.BIAS && node.input(slot).isPresent()) {
                Optional<Operand> bias = operand(node, slot)
                        .filter(operand -> operand.shape().equals(List.of((long) matrix.groups() * matrix.outputs())));
                return new Application(matrix, weight, OptionalInt.of(slot), bias, Optional.empty());
            }
        }
        return new Application(
                matrix,
                weight,
                OptionalInt.empty(),
                Optional.empty(),
                Shift.behind(matrix, index, shapes, operators, this::plain));
    }

    /** What a slot reads of a constant of its own. */
    private Optional<Operand> operand(Node node, int slot) {
        return node.input(slot)
                .filter(value -> !varying.contains(value))
                .flatMap(value -> Operand.behind(value, index, executor));
    }

    private Optional<String> plain(Node node, int slot) {
        return operand(node, slot).filter(operand -> operand.moved().isEmpty()).map(Operand::constant);
    }
}
