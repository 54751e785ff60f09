package io.espalier.engine.recover;

import io.espalier.graph.operator.NodeView;
import io.espalier.graph.operator.OperatorDefinition;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.operator.WeightMatrix;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.GraphIndex;
import io.espalier.spi.graph.Node;
import io.espalier.spi.operator.SlotRole;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Finds the applications of weights that can be fitted: constants of real numbers that nothing else reads. */
final class Applications {

    private final GraphIndex index;
    private final Shapes shapes;
    private final Operators operators;

    Applications(Graph graph, Shapes shapes, Operators operators) {
        this.index = GraphIndex.of(graph);
        this.shapes = shapes;
        this.operators = operators;
    }

    /** The applications, in the order of their nodes. */
    List<Application> all() {
        List<Application> found = new ArrayList<>();
        for (Node node : index.graph().nodes()) {
            operators.of(node).flatMap(definition -> of(node, definition)).ifPresent(found::add);
        }
        return found;
    }

    private Optional<Application> of(Node node, OperatorDefinition definition) {
        NodeView view = new NodeView(node, shapes);
        if (!definition.hasNotation()
                || definition.macs(view).isEmpty() && node.inputs().size() < 2) {
            return Optional.empty();
        }
        for (int slot = 0; slot < node.inputs().size(); slot++) {
            Optional<String> weight = own(node, slot);
            if (weight.isPresent()) {
                Tensor constant = index.graph().constants().get(weight.get());
                Optional<WeightMatrix> matrix = WeightMatrix.of(definition, view, slot, constant.shape())
                        .filter(found -> isData(node, found.dataSlot()));
                if (matrix.isPresent()) {
                    return withBias(matrix.get(), weight.get(), view, definition);
                }
            }
        }
        return Optional.empty();
    }

    private Optional<Application> withBias(
            WeightMatrix matrix, String weight, NodeView view, OperatorDefinition definition) {
        Node node = view.node();
        for (int slot = 0; slot < node.inputs().size(); slot++) {
            if (definition.role(view, slot) == SlotRole.BIAS && node.input(slot).isPresent()) {
                String bias = index.origin(node.inputs().get(slot));
                Tensor constant = index.graph().constants().get(bias);
                boolean fits =
                        constant != null && constant.shape().equals(List.of((long) matrix.groups() * matrix.outputs()));
                return fits
                        ? Optional.of(new Application(
                                matrix,
                                weight,
                                Optional.of(bias),
                                OptionalInt.of(slot),
                                own(node, slot).isPresent(),
                                Optional.empty()))
                        : Optional.empty();
            }
        }
        return Optional.of(new Application(
                matrix,
                weight,
                Optional.empty(),
                OptionalInt.empty(),
                false,
                Shift.behind(matrix, index, shapes, operators, this::own)));
    }

    /** The constant of real numbers behind an input slot, when nothing else reads it. */
    private Optional<String> own(Node node, int slot) {
        return node.input(slot).flatMap(value -> {
            String origin = index.origin(value);
            Tensor constant = index.graph().constants().get(origin);
            boolean own = constant != null && constant.type().isFloating() && index.isReadOnce(value);
            for (String at = value; own && !at.equals(origin); ) {
                at = index.producer(at).orElseThrow().inputs().get(0);
                own = index.isReadOnce(at);
            }
            return own ? Optional.of(origin) : Optional.empty();
        });
    }

    private boolean isData(Node node, int slot) {
        return node.input(slot)
                .filter(value -> index.constant(index.origin(value)).isEmpty())
                .isPresent();
    }
}
