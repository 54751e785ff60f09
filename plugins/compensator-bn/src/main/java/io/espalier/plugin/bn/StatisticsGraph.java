package io.espalier.plugin.bn;

import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.FreshNames;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A graph that returns the statistics its normalisation layers see in a batch.
 *
 * @param graph returns the outputs of the applications and nothing else
 * @param applications one for each node that normalises
 */
record StatisticsGraph(Graph graph, List<Application> applications) {

    /**
     * One use of a layer.
     *
     * @param layer the layer
     * @param meanOutput output with the mean of the batch
     * @param varianceOutput output with the population variance of the batch
     */
    record Application(NormalisationLayer layer, String meanOutput, String varianceOutput) {}

    /** Puts every node that normalises with constant statistics into training mode. */
    static StatisticsGraph of(Graph graph) {
        NormalisationLayers layers = new NormalisationLayers(graph);
        FreshNames names = FreshNames.of(graph);
        List<Application> applications = new ArrayList<>();
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            Optional<NormalisationLayer> layer = layers.of(node);
            if (layer.isEmpty()) {
                nodes.add(node);
                continue;
            }
            Application application = new Application(
                    layer.get(),
                    names.fresh("batch_mean" + applications.size()),
                    names.fresh("batch_variance" + applications.size()));
            applications.add(application);
            nodes.add(training(node, application));
        }
        List<String> outputs = applications.stream()
                .flatMap(use -> List.of(use.meanOutput(), use.varianceOutput()).stream())
                .toList();
        Graph changed = new Graph(graph.name(), graph.inputs(), outputs, nodes, graph.constants(), graph.declared());
        return new StatisticsGraph(changed, List.copyOf(applications));
    }

    /** With momentum 0 the new running statistics are those of the batch alone. */
    private static Node training(Node node, Application application) {
        return new Node(
                        node.domain(),
                        node.operator(),
                        node.inputs(),
                        List.of(node.outputs().get(0), application.meanOutput(), application.varianceOutput()),
                        node.attributes())
                .withAttribute("training_mode", new Attribute.Int(1))
                .withAttribute("momentum", new Attribute.Real(0));
    }
}
