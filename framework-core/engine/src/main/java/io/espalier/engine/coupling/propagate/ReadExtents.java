package io.espalier.engine.coupling.propagate;

import io.espalier.engine.coupling.label.Barrier;
import io.espalier.engine.coupling.label.Layout;
import io.espalier.graph.operator.Movement;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.GraphIndex;
import io.espalier.spi.graph.Node;
import io.espalier.spi.operator.Trait;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Channels whose number another value is expanded to. Where that value has an open extent of its own, which may be the full number,
 * the channels that are read cannot become fewer.
 */
final class ReadExtents {

    private final GraphIndex index;
    private final Shapes shapes;
    private final Operators operators;
    private final Values values;
    private final Relations relations;

    ReadExtents(Graph graph, Shapes shapes, Operators operators, Values values, Relations relations) {
        this.index = GraphIndex.of(graph);
        this.shapes = shapes;
        this.operators = operators;
        this.values = values;
        this.relations = relations;
    }

    /** Keeps the channels whole whose number a node expands an open extent to. */
    void settle(Node node) {
        if (!operators.moves(node, Movement.EXPAND)) {
            return;
        }
        List<Dim> extents = shapes.shape(node.inputs().get(0)).orElse(List.of());
        List<Dim> results = shapes.shape(node.outputs().get(0)).orElse(List.of());
        for (int axis = 0; axis < extents.size(); axis++) {
            int place = axis + results.size() - extents.size();
            boolean open = place >= 0
                    && !extents.get(axis).isConstant()
                    && results.get(place).isConstant();
            if (open) {
                keepWhole(node, axis, results.get(place));
            }
        }
    }

    private void keepWhole(Node node, int axis, Dim extent) {
        for (String read : read(node.inputs().get(1))) {
            Layout layout = values.of(read).orElse(Layout.inert(List.of()));
            for (int place = 0; place < layout.rank(); place++) {
                if (layout.isTracked(place) && layout.extent(place).equals(extent)) {
                    Barrier reason = Barrier.at(
                            node, 0, axis, "an extent that is open is expanded to the number of these channels");
                    relations.collapse(layout, layout.axes().get(place), reason);
                }
            }
        }
    }

    /** The values whose extents an operand is computed from. */
    private Set<String> read(String operand) {
        Set<String> read = new LinkedHashSet<>();
        Set<String> seen = new LinkedHashSet<>();
        Deque<String> open = new ArrayDeque<>(List.of(operand));
        while (!open.isEmpty()) {
            String value = open.pop();
            Node producer = seen.add(value) ? index.producer(value).orElse(null) : null;
            if (producer != null && operators.is(producer, Trait.READS_EXTENTS)) {
                read.add(producer.inputs().get(0));
            } else if (producer != null) {
                producer.inputs().stream().filter(input -> !input.isEmpty()).forEach(open::push);
            }
        }
        return read;
    }
}
