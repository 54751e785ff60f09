package io.espalier.engine.evidence;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.label.LabelledAxis;
import io.espalier.engine.coupling.label.ParameterUse;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A graph whose parameters are apart where an exporter stored equal ones once, as it does with the scales and shifts of networks that
 * are not trained: each is changed, and differentiated by, on its own. It computes the same.
 */
final class OwnUses {

    private OwnUses() {}

    /** The graph in which each use of a constant that is not shared reads a constant of its own, named after the use. */
    static Graph apart(Graph graph, Coupling coupling) {
        Map<String, Map<Integer, ParameterUse>> uses = new HashMap<>();
        for (LabelledAxis axis : coupling.labelledAxes()) {
            ParameterUse use = axis.use();
            if (!use.isShared() && graph.constants().containsKey(use.constant())) {
                uses.computeIfAbsent(use.node(), node -> new LinkedHashMap<>()).put(use.slot(), use);
            }
        }
        List<Node> nodes = new ArrayList<>();
        Map<String, Tensor> copies = new LinkedHashMap<>();
        for (Node node : graph.nodes()) {
            Node changed = node;
            for (Map.Entry<Integer, ParameterUse> each :
                    uses.getOrDefault(node.id(), Map.of()).entrySet()) {
                String name = each.getValue().toString();
                copies.put(name, graph.constants().get(each.getValue().constant()));
                changed = changed.withInput(each.getKey(), name);
            }
            nodes.add(changed);
        }
        return graph.withNodes(nodes).withConstants(copies);
    }
}
