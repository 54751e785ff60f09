package io.espalier.engine.run;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.label.LabelledAxis;
import io.espalier.engine.coupling.label.ParameterUse;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.GraphIndex;
import io.espalier.spi.graph.GraphIndex.Reader;
import io.espalier.spi.graph.Node;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The classes of a graph in which layers that shared a constant have constants of their own, as classes of the graph before. Axes of
 * both are matched by the input that reads them.
 */
final class OwnClasses {

    private final Coupling before;
    private final GraphIndex beforeIndex;
    private final GraphIndex ownIndex;
    private final Map<String, Node> nodes = new LinkedHashMap<>();

    private OwnClasses(Graph graph, Coupling before, Graph own) {
        this.before = before;
        this.beforeIndex = GraphIndex.of(graph);
        this.ownIndex = GraphIndex.of(own);
        graph.nodes().forEach(node -> nodes.put(node.id(), node));
    }

    /**
     * For each class of the graph with own constants, the class before; -1 where none of its positions could be removed.
     *
     * @param graph the graph before
     * @param before what is coupled in it
     * @param own the same with own constants
     * @param after what is coupled in that
     */
    static int[] of(Graph graph, Coupling before, Graph own, Coupling after) {
        return new OwnClasses(graph, before, own).classes(after);
    }

    private int[] classes(Coupling after) {
        Map<Integer, Integer> found = new LinkedHashMap<>();
        for (LabelledAxis axis : after.labelledAxes()) {
            int[] own = after.classesAt(axis);
            int[] earlier = before.classesAt(axisBefore(axis));
            for (int i = 0; i < own.length; i++) {
                if (own[i] >= 0 && earlier[i] >= 0) {
                    Integer other = found.put(own[i], earlier[i]);
                    require(other == null || other == earlier[i], axis.use());
                }
            }
        }
        int[] classes =
                new int[found.keySet().stream().mapToInt(each -> each + 1).max().orElse(0)];
        Arrays.fill(classes, -1);
        found.forEach((own, earlier) -> classes[own] = earlier);
        return classes;
    }

    private LabelledAxis axisBefore(LabelledAxis axis) {
        ParameterUse use = useBefore(axis.use());
        List<LabelledAxis> same = before.labelledAxes().stream()
                .filter(each -> each.use().equals(use)
                        && each.map() == axis.map()
                        && each.axis() == axis.axis()
                        && each.extents().equals(axis.extents()))
                .toList();
        require(same.size() == 1, axis.use());
        return same.get(0);
    }

    /** What the input that reads a use here reads in the graph before; the use itself where nothing was changed. */
    private ParameterUse useBefore(ParameterUse use) {
        Optional<Reader> reader = ownIndex.readers(use.constant()).stream()
                .filter(each -> use.isShared() || each.node().id().equals(use.node()) && each.slot() == use.slot())
                .findFirst();
        return reader.flatMap(each ->
                        Optional.ofNullable(nodes.get(each.node().id())).map(node -> useBefore(node, each.slot())))
                .orElse(use);
    }

    /** The use of a constant by an input; where the constant has further names, the node that gives it the first of them reads it. */
    private ParameterUse useBefore(Node node, int slot) {
        String value = node.inputs().get(slot);
        Optional<Node> alias = beforeIndex.producer(value).filter(GraphIndex::isAlias);
        return alias.isPresent() ? useBefore(alias.get(), 0) : before.graph().use(value, node.id(), slot);
    }

    private static void require(boolean holds, ParameterUse use) {
        if (!holds) {
            throw new InvalidInputException(
                    "The model cannot be pruned while it is trained, because '" + use
                            + "' is coupled otherwise once layers have constants of their own; prune it before or after training.");
        }
    }
}
