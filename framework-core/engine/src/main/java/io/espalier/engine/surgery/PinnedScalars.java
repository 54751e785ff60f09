package io.espalier.engine.surgery;

import io.espalier.graph.flow.ControlFlowEdges;
import io.espalier.graph.operator.NodeView;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.IntTensor;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.operator.Trait;
import io.espalier.spi.tensor.DataType;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps numbers that a model derives from its own extents for data arithmetic at their original value.
 *
 * <p>PyTorch exports the attention scale as Shape, Slice, Cast, Sqrt: were it recomputed from the smaller extent, the
 * pruned model would compute something else than the masked one.
 */
final class PinnedScalars {

    private final Graph graph;
    private final Shapes before;
    private final Shapes after;
    private final Operators operators;
    private final OperandPatches patches;
    private final Set<String> data = new HashSet<>();

    PinnedScalars(Graph graph, Shapes before, Shapes after, Operators operators, OperandPatches patches) {
        this.graph = graph;
        this.before = before;
        this.after = after;
        this.operators = operators;
        this.patches = patches;
        data.addAll(graph.inputs().keySet());
        for (Node node : graph.nodes()) {
            boolean reads = !operators.is(node, Trait.READS_EXTENTS)
                    && node.inputs().stream().anyMatch(data::contains);
            if (reads || !node.bodies().isEmpty() || ControlFlowEdges.isLink(node)) {
                data.addAll(node.outputs());
            }
        }
    }

    void pin() {
        for (Node node : graph.nodes()) {
            if (!operators.is(node, Trait.CASTS) || !isFloat(node.outputs().get(0))) {
                continue;
            }
            String input = node.inputs().get(0);
            Optional<List<Long>> original = before.content(input).flatMap(IntTensor::constants);
            boolean changes = original.isPresent()
                    && !original.equals(after.content(input).flatMap(IntTensor::constants));
            if (changes && reachesData(node.outputs().get(0))) {
                patches.replace(node, 0, OperandPatches.tensor(before, input, original.get()));
            }
        }
    }

    private boolean isFloat(String value) {
        return before.type(value).map(DataType::isFloating).orElse(false);
    }

    /** Whether a number that does not depend on the inputs is combined with data somewhere. */
    private boolean reachesData(String value) {
        Map<String, Boolean> reached = new LinkedHashMap<>();
        reached.put(value, true);
        for (Node node : graph.nodes()) {
            for (int slot = 0; slot < node.inputs().size(); slot++) {
                if (isStructural(node, slot)
                        || !reached.containsKey(node.inputs().get(slot))) {
                    continue;
                }
                if (node.outputs().stream().anyMatch(data::contains)) {
                    return true;
                }
                node.outputs().forEach(output -> reached.put(output, true));
            }
        }
        return false;
    }

    private boolean isStructural(Node node, int slot) {
        return operators
                .of(node)
                .filter(definition ->
                        definition.role(new NodeView(node, before), slot).isStructural())
                .isPresent();
    }
}
