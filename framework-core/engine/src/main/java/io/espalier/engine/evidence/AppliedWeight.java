package io.espalier.engine.evidence;

import io.espalier.graph.operator.NodeView;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.operator.WeightMatrix;
import io.espalier.graph.shape.Shapes;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.GraphIndex;
import io.espalier.spi.graph.Node;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A weight that a node multiplies with data.
 *
 * @param weight the constant; of tied weights it is the same for several nodes
 * @param operand what the node reads: the weight, or what is made of it
 * @param output first output of the node
 * @param matrix the operand as a matrix
 */
record AppliedWeight(String weight, String operand, String output, WeightMatrix matrix) {

    /** All of a graph, in its order. */
    static List<AppliedWeight> all(Graph graph, Operators operators, Shapes shapes) {
        GraphIndex index = GraphIndex.of(graph);
        Set<String> varying = new HashSet<>(graph.inputs().keySet());
        List<AppliedWeight> found = new ArrayList<>();
        for (Node node : graph.nodes()) {
            if (node.reads().stream().anyMatch(varying::contains)) {
                varying.addAll(node.outputs());
                of(new NodeView(node, shapes), varying, index, operators, shapes)
                        .ifPresent(found::add);
            }
        }
        return found;
    }

    private static Optional<AppliedWeight> of(
            NodeView view, Set<String> varying, GraphIndex index, Operators operators, Shapes shapes) {
        Node node = view.node();
        for (int slot = 0; slot < node.inputs().size(); slot++) {
            String read = node.inputs().get(slot);
            Optional<WeightMatrix> matrix =
                    read.isEmpty() || varying.contains(read) ? Optional.empty() : matrix(view, slot, operators, shapes);
            if (matrix.isPresent()) {
                return Optional.of(new AppliedWeight(
                        index.origin(read), read, node.outputs().get(0), matrix.get()));
            }
        }
        return Optional.empty();
    }

    private static Optional<WeightMatrix> matrix(NodeView view, int slot, Operators operators, Shapes shapes) {
        List<Dim> shape = shapes.require(view.node().inputs().get(slot));
        return shape.stream().allMatch(Dim::isConstant)
                ? operators
                        .of(view.node())
                        .flatMap(each -> WeightMatrix.of(
                                each,
                                view,
                                slot,
                                shape.stream().map(Dim::constant).toList()))
                : Optional.empty();
    }
}
