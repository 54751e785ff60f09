package io.espalier.engine.evidence;

import io.espalier.engine.loss.LossGraph;
import io.espalier.engine.verify.RandomInputs;
import io.espalier.graph.gradient.Differentiable;
import io.espalier.graph.gradient.Differentiation;
import io.espalier.graph.gradient.Gradients;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.criterion.ChannelFlow;
import io.espalier.spi.criterion.GroupEvidence;
import io.espalier.spi.data.Batch;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The gradient of the loss of a network without signs, by its weights and its values; nothing is read but the network. */
final class SynapticFlow {

    private final SweepContext context;
    private final List<ValueChannels> channels;
    private final Map<String, Tensor> weights = new LinkedHashMap<>();
    private final Map<ValueChannels, double[]> sums = new LinkedHashMap<>();

    /**
     * Prepares.
     *
     * @param wantsChannels whether gradients by values are asked for
     */
    SynapticFlow(SweepContext context, boolean wantsChannels) {
        this.context = context;
        this.channels = wantsChannels ? ValueChannels.read(context.graph(), context.coupling()) : List.of();
    }

    SynapticFlow measured() {
        Operators operators = context.coupling().operators();
        context.run().checkCancelled();
        UnsignedNetwork network =
                UnsignedNetwork.of(Differentiable.withoutBodies(context.graph(), operators), operators);
        Batch ones = ones(network.graph(), operators);
        LossGraph loss = LossGraph.of(network.graph(), operators, ones, context.chosen());
        Shapes shapes = operators.infer(loss.graph());
        LevelledGraph levelled =
                LevelledGraph.of(loss.graph(), context.graph().inputs().keySet(), loss.loss(), shapes);
        Map<String, Tensor> inputs = new LinkedHashMap<>(loss.inputs(ones));
        Map<String, Tensor> level = levelled.level(inputs, context.executor());
        inputs.putAll(level);
        Set<String> by = new LinkedHashSet<>(network.weights());
        channels.stream()
                .map(ValueChannels::value)
                .filter(value -> shapes.type(value).filter(DataType::isFloating).isPresent())
                .forEach(by::add);
        Gradients gradients = Differentiation.of(levelled.graph(), operators, loss.loss(), by);
        try (GradientRuns runs = GradientRuns.of(gradients, context.executor(), 1)) {
            Map<String, double[]> found = runs.run(inputs);
            network.weights()
                    .forEach(name -> weights.put(
                            name,
                            Tensors.fromDoubles(
                                    DataType.FLOAT64,
                                    network.graph().constants().get(name).shape(),
                                    found.get(name))));
            Map<String, Integer> exponents = levelled.exponents(by, level);
            channels.stream()
                    .filter(each -> found.containsKey(each.value()))
                    .forEach(each -> sum(each, found.get(each.value()), shapes, exponents.get(each.value())));
        }
        return this;
    }

    /** What is needed of a value is brought to the size that it had without factors, compared with other values. */
    private void sum(ValueChannels each, double[] gradient, Shapes shapes, int exponent) {
        List<Long> shape = shapes.require(each.value()).stream()
                .map(extent -> extent.evaluate(context.extents()))
                .toList();
        double[] sum = new double[each.classes().size()];
        each.forEach(
                Tensors.fromDoubles(DataType.FLOAT64, shape, gradient),
                (example, place, element) -> sum[place] += Math.scalb(element, exponent));
        sums.put(each, sum);
    }

    /** By name, the gradient by the magnitudes of each weight, in float64. */
    Map<String, Tensor> weights() {
        return weights;
    }

    /** By group, the gradient by its channels. */
    GroupEvidence<ChannelFlow> channels() {
        return group -> sums.entrySet().stream()
                .flatMap(each -> each.getKey().places(group).stream()
                        .map(places -> new ChannelFlow(
                                each.getKey().value(),
                                Arrays.stream(places)
                                        .mapToDouble(place -> each.getValue()[place])
                                        .toArray())))
                .toList();
    }

    private Batch ones(Graph graph, Operators operators) {
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        new RandomInputs(graph, operators.infer(graph), operators)
                .make(0, context.extents())
                .forEach((name, random) -> {
                    double[] values = new double[Math.toIntExact(random.size())];
                    Arrays.fill(values, 1);
                    boolean isGiven = graph.given().containsKey(name);
                    inputs.put(name, isGiven ? random : Tensors.fromDoubles(random.type(), random.shape(), values));
                });
        return new Batch(new long[] {0}, inputs, Map.of(), Optional.empty());
    }
}
