package io.espalier.engine.surgery;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.channel.KeptIndices;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.graph.flow.FlatGraph;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.ShapeInference;
import io.espalier.graph.shape.Shapes;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.GraphEdits;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.FreshNames;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.GraphIndex;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Turns a removal into edits: parameters are cut, then the operands and attributes that disagree with what is kept are
 * rewritten; everything else is left as it is.
 */
public final class Surgery {

    private Surgery() {}

    /**
     * Carries out a removal.
     *
     * @throws IllegalStateException when the edited graph would not have the shapes the coupling promises: a defect of
     *     the engine, not of the model
     */
    public static PrunedGraph prune(Graph graph, Shapes shapes, Coupling coupling, Removal removal) {
        KeptIndices keptIndices = new KeptIndices(coupling, removal);
        if (removal.isEmpty()) {
            return new PrunedGraph(List.of(), graph, shapes, keptIndices);
        }
        Graph flat = FlatGraph.of(graph, shapes);
        GraphIndex index = GraphIndex.of(flat);
        FreshNames names = FreshNames.of(graph);
        List<Edit> cuts = new ArrayList<>(new ParameterCuts(index, names, coupling.graph(), keptIndices).edits());
        Shapes after = ShapeInference.infer(
                graph,
                coupling.operators(),
                value -> flat.constants().containsKey(value) ? Optional.empty() : keptIndices.shape(value));
        cuts.addAll(new OperandRewrites(index, names, shapes, after, keptIndices, coupling.operators()).edits());
        cuts.addAll(AttributeRewrites.edits(flat, coupling, removal));
        List<Edit> edits = new ArrayList<>(FlatGraph.unflattened(flat, cuts));
        Graph edited = GraphEdits.apply(graph, edits);
        List<Edit> consequences = new ArrayList<>(unread(graph, edited));
        consequences.addAll(declared(flat, keptIndices));
        edits.addAll(consequences);
        Graph pruned = GraphEdits.apply(edited, consequences);
        return new PrunedGraph(edits, pruned, checkedShapes(pruned, keptIndices, coupling.operators()), keptIndices);
    }

    /** The shapes of computed values that shrink. */
    private static List<Edit> declared(Graph graph, KeptIndices keptIndices) {
        return graph.nodes().stream()
                .flatMap(node -> node.outputs().stream())
                .filter(value -> !value.isEmpty() && keptIndices.touches(value))
                .flatMap(value -> keptIndices.shape(value).stream()
                        .<Edit>map(shape -> new Edit.SetShape(
                                value, shape.stream().map(Surgery::dimension).toList())))
                .toList();
    }

    private static Dimension dimension(Dim extent) {
        return extent.isConstant() ? new Dimension.Fixed(extent.constant()) : new Dimension.Unknown();
    }

    /** Drops the constants that nothing reads any more. */
    private static List<Edit> unread(Graph graph, Graph edited) {
        Set<String> read = new LinkedHashSet<>(edited.outputs());
        edited.nodes().forEach(node -> read.addAll(node.reads()));
        Set<String> before = new LinkedHashSet<>(graph.outputs());
        graph.nodes().forEach(node -> before.addAll(node.reads()));
        List<String> unread = graph.allConstants().keySet().stream()
                .filter(constant -> before.contains(constant) && !read.contains(constant))
                .toList();
        return unread.isEmpty() ? List.of() : List.of(new Edit.Drop(unread));
    }

    private static Shapes checkedShapes(Graph edited, KeptIndices keptIndices, Operators operators) {
        Shapes shapes = operators.infer(edited);
        Set<String> constants = edited.allConstants().keySet();
        for (String value : shapes.values()) {
            Optional<List<Dim>> expected = keptIndices.shape(value);
            Optional<List<Dim>> found = shapes.shape(value);
            if (constants.contains(value) || expected.isEmpty() || !keptIndices.touches(value)) {
                continue;
            }
            if (found.isEmpty() || differs(expected.get(), found.get())) {
                throw new IllegalStateException("after the cut '" + value + "' has shape "
                        + found.map(Object::toString).orElse("unknown") + " instead of " + expected.get()
                        + shapes.problems().stream()
                                .findFirst()
                                .map(text -> ": " + text)
                                .orElse(""));
            }
        }
        return shapes;
    }

    private static boolean differs(List<Dim> expected, List<Dim> found) {
        if (expected.size() != found.size()) {
            return true;
        }
        for (int axis = 0; axis < expected.size(); axis++) {
            Dim one = expected.get(axis);
            Dim other = found.get(axis);
            if (one.isConstant() && other.isConstant() && !one.equals(other)) {
                return true;
            }
        }
        return false;
    }
}
