package io.espalier.engine.evidence;

import io.espalier.engine.loss.LossGraph;
import io.espalier.engine.verify.RandomInputs;
import io.espalier.graph.gradient.Differentiation;
import io.espalier.graph.gradient.Gradients;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.data.Batch;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The gradient of the loss of a network without signs, by its weights; nothing is read but the network. */
final class SynapticFlow {

    private final SweepContext context;

    SynapticFlow(SweepContext context) {
        this.context = context;
    }

    /** By name, the gradient by the magnitudes of each weight, in float64. */
    Map<String, Tensor> measure() {
        Operators operators = context.coupling().operators();
        context.run().checkCancelled();
        UnsignedNetwork network = UnsignedNetwork.of(context.graph(), operators);
        Batch ones = ones(network.graph(), operators);
        LossGraph loss = LossGraph.of(network.graph(), operators, ones, context.chosen());
        Shapes shapes = operators.infer(loss.graph());
        LevelledGraph levelled =
                LevelledGraph.of(loss.graph(), context.graph().inputs().keySet(), loss.loss(), shapes);
        Map<String, Tensor> inputs = new LinkedHashMap<>(loss.inputs(ones));
        inputs.putAll(levelled.level(inputs, context.executor()));
        Gradients gradients = Differentiation.of(levelled.graph(), operators, loss.loss(), network.weights());
        Map<String, Tensor> flow = new LinkedHashMap<>();
        try (GradientRuns runs = GradientRuns.of(gradients, context.executor(), context.threads())) {
            runs.run(inputs)
                    .forEach((name, values) -> flow.put(
                            name,
                            Tensors.fromDoubles(
                                    DataType.FLOAT64,
                                    network.graph().constants().get(name).shape(),
                                    values)));
        }
        return flow;
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
