package io.espalier.plugin.bn;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.GraphIndex;
import io.espalier.spi.graph.Node;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the layers of a graph.
 *
 * <p>Exporters that store equal constants once let the others be read through {@code Identity} nodes; names are followed
 * through those.
 */
final class NormalisationLayers {

    private static final int OPERANDS = 5;
    private static final int FIRST_STATISTIC = 3;

    private final Graph graph;
    private final GraphIndex index;

    NormalisationLayers(Graph graph) {
        this.graph = graph;
        this.index = GraphIndex.of(graph);
    }

    /** The layer that a node applies, or empty when it does not normalise with constant statistics. */
    Optional<NormalisationLayer> of(Node node) {
        if (!node.qualifiedOperator().equals("BatchNormalization")
                || node.intAttribute("training_mode", 0) != 0
                || node.inputs().size() != OPERANDS) {
            return Optional.empty();
        }
        List<String> operands = node.inputs().stream().map(index::origin).toList();
        NormalisationLayer layer =
                new NormalisationLayer(operands.get(1), operands.get(2), operands.get(3), operands.get(4));
        return graph.constants().containsKey(layer.mean()) && graph.constants().containsKey(layer.variance())
                ? Optional.of(layer)
                : Optional.empty();
    }

    /**
     * All layers in the order of their first application.
     *
     * @throws InvalidInputException when statistics of a layer are used by something else too, so that no new value can
     *     be right for both
     */
    Set<NormalisationLayer> all() {
        Map<String, NormalisationLayer> owners = new HashMap<>();
        Set<NormalisationLayer> layers = new LinkedHashSet<>();
        for (Node node : graph.nodes()) {
            of(node).filter(layers::add).ifPresent(layer -> {
                if (owners.put(layer.mean(), layer) != null) {
                    throw shared(layer.mean(), node.id());
                }
                if (owners.put(layer.variance(), layer) != null) {
                    throw shared(layer.variance(), node.id());
                }
            });
        }
        refuseOtherReaders(graph, owners.keySet());
        return layers;
    }

    private void refuseOtherReaders(Graph scope, Set<String> statistics) {
        for (Node node : scope.nodes()) {
            int own = of(node).isPresent() && scope == graph ? FIRST_STATISTIC : Integer.MAX_VALUE;
            boolean alias = scope == graph && GraphIndex.isAlias(node);
            for (int slot = 0; slot < node.inputs().size() && !alias; slot++) {
                String origin = index.origin(node.inputs().get(slot));
                if (slot < own && statistics.contains(origin)) {
                    throw shared(origin, node.id());
                }
            }
            node.bodies().forEach(body -> refuseOtherReaders(body, statistics));
        }
        for (String output : scope.outputs()) {
            if (statistics.contains(index.origin(output))) {
                throw shared(index.origin(output), output);
            }
        }
    }

    private static InvalidInputException shared(String statistics, String reader) {
        return new InvalidInputException(
                "the normalisation statistics '" + statistics + "' are also read for '" + reader
                        + "', so they cannot be re-estimated for one layer alone; export the model without sharing equal "
                        + "constants, or prune without --repair bn");
    }
}
