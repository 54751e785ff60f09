package io.espalier.engine.evidence;

import io.espalier.engine.loss.LossGraph;
import io.espalier.graph.gradient.Differentiation;
import io.espalier.graph.gradient.Gradients;
import io.espalier.graph.operator.Emitter;
import io.espalier.graph.operator.NodeView;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.operator.WeightMatrix;
import io.espalier.graph.shape.Shapes;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.criterion.OutputGradients;
import io.espalier.spi.data.BatchOptions;
import io.espalier.spi.data.Batches;
import io.espalier.spi.graph.FreshNames;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.GraphIndex;
import io.espalier.spi.graph.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Sums the products of gradients by the outputs of weights, of one example at a time. Takes eight bytes for each pair of outputs of a
 * weight.
 */
final class OutputGradientSweep {

    private static final String PHASE = "measuring gradients of outputs";

    private final SweepContext context;
    private final Graph graph;
    private final GraphIndex index;
    private final Operators operators;
    private final Shapes shapes;

    /**
     * What a weight computes.
     *
     * @param weight the value that is multiplied with data; of tied weights it is the same for several nodes
     * @param output first output of the node
     */
    private record Computed(String weight, String output, WeightMatrix matrix) {}

    OutputGradientSweep(SweepContext context) {
        this.context = context;
        this.graph = context.graph();
        this.index = GraphIndex.of(graph);
        this.operators = context.coupling().operators();
        this.shapes = operators.infer(graph);
    }

    OutputGradients run() {
        Batches data = context.data().with(BatchOptions.of(1));
        LossGraph loss = LossGraph.of(graph, operators, SweepContext.first(data), context.chosen());
        loss.require(data);
        List<Computed> computed = computed(loss.graph());
        Gradients moments = moments(loss, computed);
        Map<String, double[]> sums = new LinkedHashMap<>();
        try (GradientRuns runs = GradientRuns.of(moments, context.executor(), context.threads())) {
            runs.each(
                    new FedRuns(context, PHASE, true, Map.of()).of(data, loss),
                    each -> each.forEach((weight, products) -> add(sums, weight, products)));
        }
        context.run().progress(PHASE, data.examples(), data.examples());
        long examples = data.examples();
        sums.values().forEach(sum -> Arrays.setAll(sum, i -> sum[i] / examples));
        Map<String, String> weights = new LinkedHashMap<>();
        computed.forEach(each -> weights.put(each.output(), each.weight()));
        return reader -> sums.getOrDefault(weights.getOrDefault(reader.node(), ""), new double[0]);
    }

    private static void add(Map<String, double[]> sums, String weight, double[] products) {
        double[] sum = sums.computeIfAbsent(weight, each -> new double[products.length]);
        Arrays.setAll(sum, i -> sum[i] + products[i]);
    }

    /** By weight, the sum of products of gradients by what it computes. */
    private Gradients moments(LossGraph loss, List<Computed> computed) {
        Set<String> values = new LinkedHashSet<>();
        computed.forEach(each -> values.add(each.output()));
        Gradients gradients = Differentiation.of(loss.graph(), operators, loss.loss(), values);
        Graph backward = gradients.graph();
        Emitter emitter = new Emitter(FreshNames.of(backward), operators.infer(backward), "moments");
        Map<String, String> moments = new LinkedHashMap<>();
        for (Computed each : computed) {
            String products = each.matrix().moments(emitter, gradients.byValue().get(each.output()));
            moments.merge(each.weight(), products, emitter::add);
        }
        List<Node> nodes = new ArrayList<>(backward.nodes());
        nodes.addAll(emitter.nodes());
        return new Gradients(backward.withNodes(nodes).withConstants(emitter.constants()), moments);
    }

    /** The values that weights compute and that are there when the graph has been made ready for differentiation. */
    private List<Computed> computed(Graph ready) {
        Set<String> there = new HashSet<>();
        ready.nodes().forEach(node -> there.addAll(node.outputs()));
        Set<String> varying = new HashSet<>(graph.inputs().keySet());
        List<Computed> found = new ArrayList<>();
        for (Node node : graph.nodes()) {
            if (node.reads().stream().anyMatch(varying::contains)) {
                varying.addAll(node.outputs());
                weight(node, varying)
                        .filter(each -> there.contains(each.output()))
                        .ifPresent(found::add);
            }
        }
        return found;
    }

    private Optional<Computed> weight(Node node, Set<String> varying) {
        NodeView view = new NodeView(node, shapes);
        for (int slot = 0; slot < node.inputs().size(); slot++) {
            String read = node.inputs().get(slot);
            Optional<WeightMatrix> matrix =
                    read.isEmpty() || varying.contains(read) ? Optional.empty() : matrix(view, slot);
            if (matrix.isPresent()) {
                return Optional.of(
                        new Computed(index.origin(read), node.outputs().get(0), matrix.get()));
            }
        }
        return Optional.empty();
    }

    private Optional<WeightMatrix> matrix(NodeView view, int slot) {
        List<Dim> shape = shapes.require(view.node().inputs().get(slot));
        return shape.stream().allMatch(Dim::isConstant)
                ? operators
                        .of(view.node())
                        .flatMap(each -> WeightMatrix.of(
                                each,
                                view,
                                slot,
                                shape.stream().map(Dim::constant).toList()))
                : Optional.empty();
    }
}
