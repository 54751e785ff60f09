package io.espalier.training;

import io.espalier.graph.operator.NodeView;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.graph.FreshNames;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.GraphIndex;
import io.espalier.spi.graph.GraphIndex.Reader;
import io.espalier.spi.graph.Node;
import io.espalier.spi.operator.SlotRole;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Gives layers that share a constant by chance constants of their own. Exporters store equal tensors once: before a network is
 * trained, all its scales are one vector of ones. A tensor filled with one number says nothing of the layers that read it, and
 * each gets a copy; of other tensors it does not happen by chance that they are equal, so these are one weight of several layers.
 */
final class OwnConstants {

    private final Operators operators;
    private final GraphIndex index;
    private final Shapes shapes;
    private final FreshNames names;
    /** Every slot of the outermost graph that reads a constant, perhaps under another name. */
    private final Map<String, List<Reader>> readers = new LinkedHashMap<>();

    private OwnConstants(Graph graph, Operators operators) {
        this.operators = operators;
        this.index = GraphIndex.of(graph);
        this.shapes = operators.infer(graph);
        this.names = FreshNames.of(graph);
        for (Node node : graph.nodes()) {
            for (int slot = 0; slot < node.inputs().size() && !GraphIndex.isAlias(node); slot++) {
                String origin = index.origin(node.inputs().get(slot));
                if (graph.constants().containsKey(origin)) {
                    readers.computeIfAbsent(origin, each -> new ArrayList<>()).add(new Reader(node, slot));
                }
            }
        }
    }

    /** The edits that give constants away; none where nothing is shared by chance. */
    static List<Edit> edits(Graph graph, Operators operators) {
        return new OwnConstants(graph, operators).edits();
    }

    private List<Edit> edits() {
        List<Edit> edits = new ArrayList<>();
        readers.forEach((constant, all) -> {
            Tensor tensor = index.graph().constants().get(constant);
            if (all.size() > 1 && isFilled(tensor) && all.stream().allMatch(this::isParameter)) {
                all.subList(1, all.size()).forEach(reader -> edits.addAll(own(reader, tensor)));
            }
        });
        return edits;
    }

    private boolean isParameter(Reader reader) {
        SlotRole role = operators
                .of(reader.node())
                .map(definition -> definition.role(new NodeView(reader.node(), shapes), reader.slot()))
                .orElse(SlotRole.DATA);
        return role.isTrained() || role == SlotRole.STATISTIC;
    }

    private static boolean isFilled(Tensor tensor) {
        if (!tensor.type().isFloating() || tensor.shape().isEmpty() || tensor.size() < 2) {
            return false;
        }
        boolean[] same = {true};
        double[] first = {Double.NaN};
        Tensors.forEach(tensor, (position, value) -> {
            first[0] = position == 0 ? value : first[0];
            same[0] &= value == first[0];
        });
        return same[0];
    }

    /** Named after what the exporter called it; a name that nothing reads any more is removed. */
    private List<Edit> own(Reader reader, Tensor tensor) {
        String read = reader.node().inputs().get(reader.slot());
        Edit edit = new Edit.SetInput(reader.node().id(), reader.slot(), names.fresh(read + "/own"), tensor);
        boolean alone = index.producer(read).isPresent() && index.isReadOnce(read);
        return alone ? List.of(edit, new Edit.RemoveNode(read)) : List.of(edit);
    }
}
