package io.espalier.engine.evidence;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.label.LabelledAxis;
import io.espalier.engine.coupling.label.ParameterUse;
import io.espalier.graph.operator.NodeView;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.GraphIndex;
import io.espalier.spi.graph.Node;
import io.espalier.spi.operator.SlotRole;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A graph whose parameters are apart where an exporter stored equal ones once, as it does with the scales and shifts of networks that
 * are not trained: each is changed, and differentiated by, on its own. So are running statistics. It computes the same.
 */
public final class OwnUses {

    private final GraphIndex index;
    private final Operators operators;
    private final Shapes shapes;
    private final Set<ParameterUse> own = new HashSet<>();
    private final Map<String, Tensor> copies = new LinkedHashMap<>();

    private OwnUses(Graph graph, Coupling coupling) {
        this.index = GraphIndex.of(graph);
        this.operators = coupling.operators();
        this.shapes = operators.infer(graph);
        coupling.labelledAxes().stream()
                .map(LabelledAxis::use)
                .filter(use -> !use.isShared())
                .forEach(own::add);
    }

    /** The graph in which each use of a constant that is not shared reads a constant of its own, named after the use. */
    public static Graph apart(Graph graph, Coupling coupling) {
        OwnUses uses = new OwnUses(graph, coupling);
        List<Node> nodes = new ArrayList<>();
        graph.nodes().forEach(node -> nodes.add(uses.apart(node, graph.constants())));
        return graph.withNodes(nodes).withConstants(uses.copies);
    }

    private Node apart(Node node, Map<String, Tensor> constants) {
        Node changed = node;
        for (int slot = 0; slot < node.inputs().size(); slot++) {
            String constant = index.origin(node.inputs().get(slot));
            ParameterUse use = new ParameterUse(constant, node.id(), slot);
            boolean isOwn = own.contains(use) || index.timesRead(constant) > 1 && isStatistic(node, slot);
            if (constants.containsKey(constant) && isOwn) {
                copies.put(use.name(), constants.get(constant));
                changed = changed.withInput(slot, use.name());
            }
        }
        return changed;
    }

    private boolean isStatistic(Node node, int slot) {
        return operators
                .of(node)
                .filter(definition -> definition.role(new NodeView(node, shapes), slot) == SlotRole.STATISTIC)
                .isPresent();
    }
}
