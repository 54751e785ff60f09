package io.espalier.engine.evidence;

import io.espalier.engine.loss.LossGraph;
import io.espalier.graph.gradient.Differentiation;
import io.espalier.graph.gradient.Gradients;
import io.espalier.graph.operator.Emitter;
import io.espalier.graph.operator.Operators;
import io.espalier.spi.data.BatchOptions;
import io.espalier.spi.data.Batches;
import io.espalier.spi.graph.FreshNames;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Sums the products of gradients by the outputs of weights, of one example at a time, and gradients by the weights. Takes eight bytes for
 * each pair of outputs of a weight, and for each of its elements.
 */
final class OutputGradientSweep {

    private static final String PHASE = "measuring gradients of outputs";

    private final SweepContext context;
    private final List<AppliedWeight> weights;
    private final boolean wantsGradients;

    /**
     * How the loss depends on a weight, averaged over examples.
     *
     * @param moments {@code [g o o]}: sums of products of gradients by what all nodes compute that apply the weight
     * @param gradient {@code [g o i]}: the gradient by the weight; empty where it was not asked for
     */
    record Found(double[] moments, double[] gradient) {}

    /**
     * Prepares the sweep.
     *
     * @param weights what is differentiated by, or by the outputs of
     * @param wantsGradients whether gradients by the weights themselves are asked for
     */
    OutputGradientSweep(SweepContext context, List<AppliedWeight> weights, boolean wantsGradients) {
        this.context = context;
        this.weights = weights;
        this.wantsGradients = wantsGradients;
    }

    /** What is found of each weight, by first output of the nodes that apply it. */
    Map<String, Found> run() {
        Operators operators = context.coupling().operators();
        Batches data = context.data().with(BatchOptions.of(1));
        LossGraph loss = LossGraph.of(context.graph(), operators, SweepContext.first(data), context.chosen());
        loss.require(data);
        List<AppliedWeight> there = there(loss.graph());
        Gradients moments = moments(loss, there, operators);
        Map<String, double[]> sums = new LinkedHashMap<>();
        try (GradientRuns runs = GradientRuns.of(moments, context.executor(), context.threads())) {
            runs.each(
                    new FedRuns(context, PHASE, true, Map.of()).of(data, loss),
                    each -> each.forEach((name, values) -> add(sums, name, values)));
        }
        context.run().progress(PHASE, data.examples(), data.examples());
        sums.values().forEach(sum -> Arrays.setAll(sum, i -> sum[i] / data.examples()));
        Map<String, Found> found = new HashMap<>();
        there.forEach(each -> found.put(each.output(), found(each, sums)));
        return found;
    }

    /** Those whose outputs are there when the graph has been made ready for differentiation. */
    private List<AppliedWeight> there(Graph ready) {
        Set<String> computed = new LinkedHashSet<>();
        ready.nodes().forEach(node -> computed.addAll(node.outputs()));
        return weights.stream().filter(each -> computed.contains(each.output())).toList();
    }

    private Found found(AppliedWeight each, Map<String, double[]> sums) {
        double[] gradient = sums.getOrDefault(gradientOf(each), new double[0]);
        return new Found(
                sums.get(momentsOf(each)),
                gradient.length == 0
                        ? gradient
                        : each.matrix()
                                .matrix(Tensors.fromDoubles(
                                        DataType.FLOAT64, List.of((long) gradient.length), gradient)));
    }

    private static String momentsOf(AppliedWeight each) {
        return "moments of " + each.weight();
    }

    private static String gradientOf(AppliedWeight each) {
        return "gradient by " + each.operand();
    }

    private static void add(Map<String, double[]> sums, String name, double[] values) {
        double[] sum = sums.computeIfAbsent(name, each -> new double[values.length]);
        Arrays.setAll(sum, i -> sum[i] + values[i]);
    }

    /** By weight, the sum of products of gradients by what it computes, and perhaps the gradient. */
    private Gradients moments(LossGraph loss, List<AppliedWeight> there, Operators operators) {
        Set<String> values = new LinkedHashSet<>();
        there.forEach(each -> values.add(each.output()));
        if (wantsGradients) {
            there.forEach(each -> values.add(each.operand()));
        }
        Gradients gradients = Differentiation.of(loss.graph(), operators, loss.loss(), values);
        Graph backward = gradients.graph();
        Emitter emitter = new Emitter(FreshNames.of(backward), operators.infer(backward), "moments");
        Map<String, String> wanted = new LinkedHashMap<>();
        for (AppliedWeight each : there) {
            String products = each.matrix().moments(emitter, gradients.byValue().get(each.output()));
            wanted.merge(momentsOf(each), products, emitter::add);
            if (wantsGradients) {
                wanted.put(gradientOf(each), gradients.byValue().get(each.operand()));
            }
        }
        List<Node> nodes = new ArrayList<>(backward.nodes());
        nodes.addAll(emitter.nodes());
        return new Gradients(backward.withNodes(nodes).withConstants(emitter.constants()), wanted);
    }
}
