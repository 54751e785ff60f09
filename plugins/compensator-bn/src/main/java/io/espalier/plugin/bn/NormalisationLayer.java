package io.espalier.plugin.bn;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A batch normalisation with constant statistics.
 *
 * @param operands names of scale, shift, running mean and running variance
 */
record NormalisationLayer(List<String> operands) {

    private static final int OPERANDS = 5;

    /** Where this layer keeps its running mean. */
    String mean() {
        return operands.get(2);
    }

    /** Where this layer keeps its running variance. */
    String variance() {
        return operands.get(3);
    }

    /** The layer that a node applies; meaningful where {@link #isCandidate} says so. */
    static NormalisationLayer of(Node node) {
        return new NormalisationLayer(node.inputs().subList(1, OPERANDS));
    }

    /** Whether a node normalises with constant statistics. */
    static boolean isCandidate(Graph graph, Node node) {
        return node.qualifiedOperator().equals("BatchNormalization")
                && node.intAttribute("training_mode", 0) == 0
                && node.inputs().size() == OPERANDS
                && graph.constants().containsKey(node.inputs().get(3))
                && graph.constants().containsKey(node.inputs().get(4));
    }

    /**
     * The layers of a graph in the order of their first application.
     *
     * @throws InvalidInputException when statistics of one layer are used by something else too, so that no new value
     *     can be right for both
     */
    static List<NormalisationLayer> find(Graph graph) {
        Map<String, NormalisationLayer> owners = new LinkedHashMap<>();
        List<NormalisationLayer> layers = new ArrayList<>();
        for (Node node : graph.nodes()) {
            if (isCandidate(graph, node) && !layers.contains(of(node))) {
                NormalisationLayer layer = of(node);
                layers.add(layer);
                claim(owners, layer.mean(), layer, node);
                claim(owners, layer.variance(), layer, node);
            }
        }
        refuseOtherReaders(graph, graph, owners);
        return layers;
    }

    private static void claim(
            Map<String, NormalisationLayer> owners, String statistic, NormalisationLayer layer, Node node) {
        if (owners.put(statistic, layer) != null) {
            throw shared(statistic, node);
        }
    }

    private static void refuseOtherReaders(Graph top, Graph graph, Map<String, NormalisationLayer> owners) {
        for (Node node : graph.nodes()) {
            boolean applies = graph == top && isCandidate(graph, node);
            for (int slot = 0; slot < node.inputs().size(); slot++) {
                if (owners.containsKey(node.inputs().get(slot)) && !(applies && slot >= 3)) {
                    throw shared(node.inputs().get(slot), node);
                }
            }
            node.bodies().forEach(body -> refuseOtherReaders(top, body, owners));
        }
    }

    private static InvalidInputException shared(String statistic, Node node) {
        return new InvalidInputException("the statistics '" + statistic + "' belong to several layers, one of them '"
                + node.id() + "'; they cannot be re-estimated for each: export the model without "
                + "sharing equal constants, or prune without --repair bn");
    }
}
