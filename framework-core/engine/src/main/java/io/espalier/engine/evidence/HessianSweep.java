package io.espalier.engine.evidence;

import io.espalier.engine.loss.LossGraph;
import io.espalier.graph.gradient.Differentiation;
import io.espalier.graph.gradient.Gradients;
import io.espalier.graph.operator.Emitter;
import io.espalier.graph.operator.Losses;
import io.espalier.graph.operator.Operators;
import io.espalier.spi.data.BatchOptions;
import io.espalier.spi.data.Batches;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.FreshNames;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Multiplies the Hessian of the loss with a vector, batch by batch: the gradient of the scalar product of the gradient with the
 * vector, which is exact away from kinks. Hessian and gradient are means over the same batches.
 */
final class HessianSweep {

    private final SweepContext context;

    private static final String PHASE = "measuring curvature";

    HessianSweep(SweepContext context) {
        this.context = context;
    }

    /** A graph that computes products, and the inputs that the vector is fed to, by parameter. */
    private record Products(Gradients gradients, Map<String, String> directions) {}

    /**
     * The product with a vector.
     *
     * @param vector by parameter, of its shape
     * @return by parameter, in float64
     */
    Map<String, Tensor> times(Map<String, Tensor> vector) {
        Operators operators = context.coupling().operators();
        Batches data = context.data().with(BatchOptions.of(GradientSweep.EXAMPLES_AT_ONCE));
        LossGraph loss = LossGraph.of(context.graph(), operators, SweepContext.first(data), context.chosen());
        Products products = products(loss, operators, vector);
        Map<String, Tensor> fed = new LinkedHashMap<>();
        products.directions()
                .forEach((name, input) -> fed.put(input, Tensors.converted(vector.get(name), DataType.FLOAT32)));
        Map<String, double[]> sums = new LinkedHashMap<>();
        try (GradientRuns runs = GradientRuns.of(products.gradients(), context.executor(), context.threads())) {
            runs.each(
                    new FedRuns(context, PHASE, false, fed).of(data, loss),
                    each -> each.forEach((name, values) -> add(sums, name, values)));
        }
        context.run().progress(PHASE, data.examples(), data.examples());
        return means(sums, data.count(), vector);
    }

    private static Products products(LossGraph loss, Operators operators, Map<String, Tensor> vector) {
        Gradients first = Differentiation.of(loss.graph(), operators, loss.loss(), vector.keySet());
        Graph graph = first.graph();
        FreshNames names = FreshNames.of(graph);
        Emitter emitter = new Emitter(names, operators.infer(graph), "curvature");
        Map<String, ValueType> inputs = new LinkedHashMap<>(graph.inputs());
        Map<String, String> directions = new LinkedHashMap<>();
        String projected = emitter.scalar(0);
        for (Map.Entry<String, Tensor> each : vector.entrySet()) {
            String input = names.fresh("curvature/direction");
            inputs.put(input, type(each.getValue()));
            directions.put(each.getKey(), input);
            String part = Losses.projection(emitter, first.byValue().get(each.getKey()), input);
            projected = emitter.add(projected, part);
        }
        List<Node> nodes = new ArrayList<>(graph.nodes());
        nodes.addAll(emitter.nodes());
        Map<String, Tensor> constants = new LinkedHashMap<>(graph.constants());
        constants.putAll(emitter.constants());
        Graph whole =
                new Graph(graph.name(), inputs, List.of(projected), nodes, constants, graph.declared(), graph.given());
        return new Products(Differentiation.of(whole, operators, projected, vector.keySet()), directions);
    }

    private static ValueType type(Tensor tensor) {
        List<Dimension> shape =
                tensor.shape().stream().<Dimension>map(Dimension.Fixed::new).toList();
        return new ValueType(DataType.FLOAT32, Optional.of(shape));
    }

    private static void add(Map<String, double[]> sums, String name, double[] values) {
        double[] sum = sums.computeIfAbsent(name, each -> new double[values.length]);
        Arrays.setAll(sum, i -> sum[i] + values[i]);
    }

    private static Map<String, Tensor> means(Map<String, double[]> sums, long batches, Map<String, Tensor> like) {
        Map<String, Tensor> means = new LinkedHashMap<>();
        sums.forEach((name, sum) -> means.put(
                name,
                Tensors.fromDoubles(
                        DataType.FLOAT64,
                        like.get(name).shape(),
                        Arrays.stream(sum).map(each -> each / batches).toArray())));
        return means;
    }
}
