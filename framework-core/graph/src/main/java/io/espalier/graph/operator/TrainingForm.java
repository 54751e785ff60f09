package io.espalier.graph.operator;

import io.espalier.graph.shape.Shapes;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.FreshNames;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.GraphIndex;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The form in which a graph is trained: each batch norm that holds statistics normalises by those of the batch, and computes what
 * the statistics are after it. It keeps the share of the last ones that the file says: {@code momentum} of them, 0.9 where it
 * says nothing. A batch norm that is applied several times takes in one application after the other. A Dropout multiplies with a
 * mask, which is an input.
 *
 * @param graph the graph, which returns what it did
 * @param statistics for each constant that holds means or variances, the value that computes what follows it
 * @param masks for each input that is a mask, the share of its elements that is zero; the others are 1 by what is left
 */
public record TrainingForm(Graph graph, Map<String, String> statistics, Map<String, Double> masks) {

    private static final int MEAN = 3;
    private static final int VARIANCE = 4;

    public TrainingForm {
        statistics = Collections.unmodifiableMap(new LinkedHashMap<>(statistics));
        masks = Collections.unmodifiableMap(new LinkedHashMap<>(masks));
    }

    /** The form of a graph that computes what it computes once trained. */
    public static TrainingForm of(Graph graph, Operators operators) {
        GraphIndex index = GraphIndex.of(graph);
        Shapes shapes = operators.infer(graph);
        FreshNames names = FreshNames.of(graph);
        Map<String, String> statistics = new LinkedHashMap<>();
        Map<String, Double> masks = new LinkedHashMap<>();
        Map<String, ValueType> inputs = new LinkedHashMap<>(graph.inputs());
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            OptionalDouble dropped =
                    node.output(1).filter(mask -> index.timesRead(mask) > 0).isPresent()
                            ? OptionalDouble.empty()
                            : Dropout.dropped(
                                    new NodeView(node, shapes),
                                    node.input(1).map(index::origin).flatMap(index::constant));
            if (dropped.isPresent()) {
                String mask = names.fresh(node.id() + "/mask");
                masks.put(mask, dropped.getAsDouble());
                inputs.put(mask, maskOf(shapes.require(node.inputs().get(0))));
                nodes.add(Nodes.multiply(node.inputs().get(0), mask, node.id()));
            } else {
                nodes.add(holdsStatistics(node, index) ? training(node, index, names, statistics) : node);
            }
        }
        Graph form = new Graph(
                graph.name(), inputs, graph.outputs(), nodes, graph.constants(), graph.declared(), graph.given());
        return new TrainingForm(form, statistics, masks);
    }

    /** The type of a mask for a value of a shape, whose first axis holds the examples. */
    private static ValueType maskOf(List<Dim> shape) {
        List<Dimension> extents = new ArrayList<>(List.of(new Dimension.Unknown()));
        shape.stream().skip(1).forEach(extent -> extents.add(new Dimension.Fixed(extent.constant())));
        return new ValueType(DataType.FLOAT32, Optional.of(extents));
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
