package io.espalier.graph.flow;

import io.espalier.graph.shape.IntTensor;
import io.espalier.graph.shape.Shapes;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A graph with the nodes of all bodies in one list, and {@link ControlFlowEdges links} where values pass into a body and out of it.
 *
 * <p>Value names are unique over a graph and its bodies, so a flat graph needs no renaming: nodes and constants keep the
 * names that edits use. It is for looking at, not for running: a loop is seen once, whatever its number of turns.
 */
public final class FlatGraph {

    private final Shapes shapes;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, ValueType> declared = new LinkedHashMap<>();

    private FlatGraph(Shapes shapes) {
        this.shapes = shapes;
    }

    /**
     * The flat form of a graph, with {@link Unfit stand-ins} for nodes whose operands do not fit; the graph itself when no
     * node has a body and all operands fit.
     *
     * <p>Of an {@code If} whose condition is known from the shapes only the branch that is taken takes part.
     */
    public static Graph of(Graph graph, Shapes shapes) {
        if (graph.nodes().stream()
                .allMatch(node ->
                        node.bodies().isEmpty() && shapes.misfit(node.id()).isEmpty())) {
            return graph;
        }
        FlatGraph flat = new FlatGraph(shapes);
        flat.visit(graph);
        return new Graph(
                graph.name(),
                graph.inputs(),
                graph.outputs(),
                flat.nodes,
                graph.allConstants(),
                flat.declared,
                graph.given());
    }

    /** Edits of a flat graph as edits of the graph it was made of. */
    public static List<Edit> unflattened(Graph flat, List<Edit> edits) {
        Map<String, Node> links = new LinkedHashMap<>();
        flat.nodes().stream().filter(ControlFlowEdges::isLink).forEach(link -> links.put(link.id(), link));
        Set<Slot> exchanged = new HashSet<>();
        List<Edit> result = new ArrayList<>();
        for (Edit edit : edits) {
            if (edit instanceof Edit.SetInput set && links.containsKey(set.node())) {
                Edit.SetInput own = ControlFlowEdges.unflattened(links.get(set.node()), set);
                // All results of an If share one condition.
                if (exchanged.add(new Slot(own.node(), own.slot()))) {
                    result.add(own);
                }
            } else {
                result.add(edit);
            }
        }
        return result;
    }

    private record Slot(String node, int slot) {}

    private void visit(Graph graph) {
        declared.putAll(graph.declared());
        for (Node given : graph.nodes()) {
            Node node = shapes.misfit(given.id())
                    .map(reason -> Unfit.of(given, reason))
                    .orElse(given);
            Optional<ControlFlowEdges> links = ControlFlowEdges.of(node, taken(node));
            if (links.isEmpty()) {
                nodes.add(node);
                continue;
            }
            nodes.addAll(links.get().before());
            links.get().bodies().forEach(this::visit);
            nodes.addAll(links.get().after());
        }
    }

    private Optional<Boolean> taken(Node node) {
        return node.qualifiedOperator().equals("If")
                ? shapes.content(node.inputs().get(0))
                        .flatMap(IntTensor::known)
                        .filter(condition ->
                                condition.size() == 1 && condition.get(0).isConstant())
                        .map(condition -> !condition.get(0).equals(Dim.of(0)))
                : Optional.empty();
    }
}
