package io.espalier.graph.operator;

import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.FreshNames;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.GraphIndex;
import io.espalier.spi.graph.Node;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The form in which a graph is trained: each batch norm that holds statistics normalises by those of the batch, and computes what
 * the statistics are after it. It keeps the share of the last ones that the file says: {@code momentum} of them, 0.9 where it
 * says nothing. A batch norm that is applied several times takes in one application after the other.
 *
 * @param graph the graph, which returns what it did
 * @param statistics for each constant that holds means or variances, the value that computes what follows it
 */
public record TrainingForm(Graph graph, Map<String, String> statistics) {

    private static final int MEAN = 3;
    private static final int VARIANCE = 4;

    public TrainingForm {
        statistics = Collections.unmodifiableMap(new LinkedHashMap<>(statistics));
    }

    /** The form of a graph that computes what it computes once trained. */
    public static TrainingForm of(Graph graph) {
        GraphIndex index = GraphIndex.of(graph);
        FreshNames names = FreshNames.of(graph);
        Map<String, String> statistics = new LinkedHashMap<>();
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            nodes.add(holdsStatistics(node, index) ? training(node, index, names, statistics) : node);
        }
        return new TrainingForm(graph.withNodes(nodes), statistics);
    }

    private static boolean holdsStatistics(Node node, GraphIndex index) {
        return node.qualifiedOperator().equals(Nodes.BATCH_NORMALISATION)
                && node.intAttribute("training_mode", 0) == 0
                && index.graph()
                        .constants()
                        .containsKey(index.origin(node.inputs().get(MEAN)))
                && index.graph()
                        .constants()
                        .containsKey(index.origin(node.inputs().get(VARIANCE)));
    }

    private static Node training(Node node, GraphIndex index, FreshNames names, Map<String, String> statistics) {
        String mean = index.origin(node.inputs().get(MEAN));
        String variance = index.origin(node.inputs().get(VARIANCE));
        Node form = node.withInput(MEAN, statistics.getOrDefault(mean, mean))
                .withInput(VARIANCE, statistics.getOrDefault(variance, variance))
                .withAttribute("training_mode", new Attribute.Int(1));
        statistics.put(mean, names.fresh(mean + "/next"));
        statistics.put(variance, names.fresh(variance + "/next"));
        return new Node(
                form.domain(),
                form.operator(),
                form.inputs(),
                List.of(node.outputs().get(0), statistics.get(mean), statistics.get(variance)),
                form.attributes());
    }
}
