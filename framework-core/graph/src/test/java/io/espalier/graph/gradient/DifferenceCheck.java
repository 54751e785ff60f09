package io.espalier.graph.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.adapter.onnx.OnnxExecutor;
import io.espalier.graph.cost.TrainableConstants;
import io.espalier.graph.operator.NodeView;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.FreshNames;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.operator.SlotRole;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Compares the gradient of a weighted sum of all real outputs, and the derivative of that gradient, with central differences.
 * Constants become inputs, so that one session serves all values of them.
 */
public final class DifferenceCheck {

    /** A large step is precise where the function is smooth, a small one crosses fewer kinks. */
    private static final double[] STEPS = {2e-2, 2e-3, 2e-4, 1e-5};

    private static final double TOLERANCE = 1e-2;
    /** In a deep network any step crosses some kinks. */
    private static final double TOLERANCE_OF_NETWORK = 5e-2;

    private static final int PARTS_OF_NETWORK = 3;

    private final Graph graph;
    private final Map<String, Tensor> point;
    private final Random random;
    private final List<String> by;
    private final double tolerance;
    private final int most;

    private DifferenceCheck(Graph graph, Map<String, Tensor> point, Random random, boolean network) {
        this.tolerance = network ? TOLERANCE_OF_NETWORK : TOLERANCE;
        this.most = network ? PARTS_OF_NETWORK : Integer.MAX_VALUE;
        this.graph = graph;
        this.point = point;
        this.random = random;
        this.by = graph.inputs().entrySet().stream()
                .filter(input -> input.getValue().type() == DataType.FLOAT32)
                .map(Map.Entry::getKey)
                .toList();
    }

    /**
     * Checks a graph at some inputs. Its real constants are replaced by random numbers.
     *
     * @throws NotDifferentiableException when the graph cannot be differentiated
     */
    public static void check(Graph graph, Map<String, Tensor> inputs, long seed) {
        sameValues(graph, inputs);
        DifferenceCheck check = of(graph, inputs, seed, false);
        if (!check.graph.outputs().isEmpty() && !check.by.isEmpty()) {
            check.second(check.first());
        }
    }

    /** What is differentiated computes what the graph computes. */
    private static void sameValues(Graph graph, Map<String, Tensor> inputs) {
        List<String> outputs = realOutputs(graph);
        if (outputs.isEmpty()) {
            return;
        }
        Graph open = new Graph("values", graph.inputs(), outputs, graph.nodes(), graph.constants(), graph.declared());
        Map<String, Tensor> expected = run(open, inputs);
        run(Differentiable.of(open, Operators.standard()), inputs)
                .forEach((name, tensor) -> assertThat(Tensors.toDoubles(tensor))
                        .as("%s of the differentiable form", name)
                        .usingComparatorWithPrecision(1e-3)
                        .containsExactly(Tensors.toDoubles(expected.get(name))));
    }

    /** Checks the gradient by all weights of a network, and by its inputs, with the weights that it has. */
    static void checkNetwork(Graph graph, Map<String, Tensor> inputs, long seed) {
        of(graph, inputs, seed, true).first();
    }

    private static DifferenceCheck of(Graph graph, Map<String, Tensor> inputs, long seed, boolean asItIs) {
        Random random = new Random(seed);
        Graph form = asItIs ? pinned(graph, inputs) : Differentiable.of(graph, Operators.standard());
        List<String> trained = TrainableConstants.real(graph, Operators.standard());
        Map<String, ValueType> opened = new LinkedHashMap<>(form.inputs());
        Map<String, Tensor> constants = new LinkedHashMap<>(form.constants());
        Map<String, Tensor> point = new LinkedHashMap<>(inputs);
        graph.constants().forEach((name, tensor) -> {
            if (tensor.type() == DataType.FLOAT32
                    && tensor.size() > 1
                    && (asItIs ? trained.contains(name) : !decidesExtents(graph, name))) {
                constants.remove(name);
                opened.put(name, new ValueType(tensor.type(), Optional.of(fixed(tensor.shape()))));
                point.put(name, asItIs ? tensor : normal(tensor.shape(), random));
            }
        });
        List<String> outputs = realOutputs(form);
        Graph open = new Graph("check", opened, outputs, form.nodes(), constants, form.declared());
        return new DifferenceCheck(open, point, random, asItIs);
    }

    private static Graph pinned(Graph graph, Map<String, Tensor> inputs) {
        Map<String, List<Long>> extents = new LinkedHashMap<>();
        inputs.forEach((name, tensor) -> extents.put(name, tensor.shape()));
        return Differentiable.of(graph, extents, Operators.standard());
    }

    /** Whether a node reads a constant as extents or scales of its output. */
    private static boolean decidesExtents(Graph graph, String constant) {
        Shapes shapes = Operators.standard().infer(graph);
        return graph.nodes().stream()
                .anyMatch(node -> IntStream.range(0, node.inputs().size())
                        .filter(slot -> node.inputs().get(slot).equals(constant))
                        .anyMatch(slot -> Operators.standard()
                                .of(node)
                                .filter(known -> known.role(new NodeView(node, shapes), slot) == SlotRole.SHAPE)
                                .isPresent()));
    }

    private static List<Dimension> fixed(List<Long> shape) {
        return shape.stream().<Dimension>map(Dimension.Fixed::new).toList();
    }

    private static List<String> realOutputs(Graph graph) {
        Shapes shapes = Operators.standard().infer(graph);
        List<String> outputs = new ArrayList<>();
        Set<String> read = new HashSet<>();
        graph.nodes().forEach(node -> read.addAll(node.reads()));
        for (Node node : graph.nodes()) {
            node.outputs().stream()
                    .filter(output -> !output.isEmpty() && !read.contains(output))
                    .filter(output ->
                            shapes.type(output).filter(DataType::isFloating).isPresent())
                    .forEach(outputs::add);
        }
        return outputs;
    }

    private static Tensor normal(List<Long> shape, Random random) {
        double[] values = new double[Math.toIntExact(shape.stream().reduce(1L, (a, b) -> a * b))];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextGaussian();
        }
        return Tensors.fromDoubles(DataType.FLOAT32, shape, values);
    }

    /** A value that is a sum of products of outputs with what is given for them. */
    private record Weighted(Graph graph, String loss, Map<String, String> factors) {

        static Weighted of(Graph graph, List<String> values) {
            FreshNames names = FreshNames.of(graph);
            Map<String, ValueType> inputs = new LinkedHashMap<>(graph.inputs());
            Map<String, String> factors = new LinkedHashMap<>();
            List<Node> nodes = new ArrayList<>(graph.nodes());
            List<String> sums = new ArrayList<>();
            for (String value : values) {
                String factor = names.fresh("factor");
                inputs.put(factor, new ValueType(DataType.FLOAT32, shape(graph, value)));
                factors.put(value, factor);
                String product = names.fresh("product");
                String sum = names.fresh("sum");
                nodes.add(Node.of("Mul", List.of(value, factor), List.of(product), Map.of()));
                nodes.add(
                        Node.of("ReduceSum", List.of(product), List.of(sum), Map.of("keepdims", new Attribute.Int(0))));
                sums.add(sum);
            }
            String loss = names.fresh("loss");
            nodes.add(Node.of("Sum", sums, List.of(loss), Map.of()));
            Graph weighted = new Graph("weighted", inputs, List.of(loss), nodes, graph.constants(), graph.declared());
            return new Weighted(weighted, loss, factors);
        }

        private static Optional<List<Dimension>> shape(Graph graph, String value) {
            return Operators.standard()
                    .infer(graph)
                    .shape(value)
                    .map(dims -> dims.stream()
                            .<Dimension>map(dim -> dim.isConstant()
                                    ? new Dimension.Fixed(dim.constant())
                                    : dim.symbols().contains(dim.toString())
                                            ? new Dimension.Symbol(dim.toString())
                                            : new Dimension.Unknown())
                            .toList());
        }
    }

    private Backpropagated first() {
        Map<String, Tensor> outputs = run(graph, point);
        Weighted weighted = Weighted.of(graph, graph.outputs());
        Gradients gradients = Differentiation.of(weighted.graph(), Operators.standard(), weighted.loss(), by);
        Map<String, Tensor> factors = new LinkedHashMap<>();
        outputs.forEach((name, tensor) -> factors.put(name, normal(tensor.shape(), random)));
        Graph backward = gradients.returning(List.copyOf(gradients.byValue().values()));
        try (Runner values = prepare(graph);
                Runner runner = prepare(backward)) {
            Map<String, Tensor> found = runner.run(used(runner, with(point, weighted, factors)));
            gradients
                    .byValue()
                    .forEach((name, gradient) -> assertThat(found.get(gradient).shape())
                            .as("shape of the gradient by %s", name)
                            .isEqualTo(point.get(name).shape()));
            compare(
                    "gradient",
                    values,
                    point,
                    factors,
                    name -> found.get(gradients.byValue().get(name)));
        }
        return new Backpropagated(weighted, gradients, factors);
    }

    private record Backpropagated(Weighted weighted, Gradients gradients, Map<String, Tensor> factors) {}

    private void second(Backpropagated first) {
        Weighted weighted = first.weighted();
        Gradients gradients = first.gradients();
        Graph backward = gradients.returning(
                List.copyOf(new LinkedHashSet<>(gradients.byValue().values())));
        Weighted again = Weighted.of(backward, backward.outputs());
        Gradients twice = Differentiation.of(again.graph(), Operators.standard(), again.loss(), by);
        Graph product = twice.returning(List.copyOf(twice.byValue().values()));
        Map<String, Tensor> all = with(point, weighted, first.factors());
        try (Runner firsts = prepare(backward);
                Runner seconds = prepare(product)) {
            Map<String, Tensor> vectors = new LinkedHashMap<>();
            firsts.run(used(firsts, all)).forEach((name, tensor) -> vectors.put(name, normal(tensor.shape(), random)));
            Map<String, Tensor> found = seconds.run(used(seconds, with(all, again, vectors)));
            compare(
                    "second gradient",
                    firsts,
                    all,
                    vectors,
                    name -> found.get(twice.byValue().get(name)));
        }
    }

    /** Compares along a random direction in the values of each part. */
    private void compare(
            String what,
            Runner runner,
            Map<String, Tensor> at,
            Map<String, Tensor> factors,
            Function<String, Tensor> gradient) {
        for (List<String> part : parts()) {
            Map<String, Tensor> direction = new LinkedHashMap<>();
            part.forEach(name -> direction.put(name, normal(point.get(name).shape(), random)));
            double actual = 0;
            double square = 0;
            for (String name : part) {
                actual += dot(gradient.apply(name), direction.get(name));
                square += square(gradient.apply(name), direction.get(name));
            }
            compare(
                    what + " by " + part,
                    step -> difference(runner, at, direction, factors, step),
                    actual,
                    Math.sqrt(square));
        }
    }

    /** Each value by itself, or a few parts of many. */
    private List<List<String>> parts() {
        int count = Math.min(by.size(), most);
        return IntStream.range(0, count)
                .mapToObj(part -> IntStream.range(0, by.size())
                        .filter(i -> i % count == part)
                        .mapToObj(by::get)
                        .toList())
                .toList();
    }

    private static Map<String, Tensor> with(Map<String, Tensor> point, Weighted weighted, Map<String, Tensor> factors) {
        Map<String, Tensor> all = new LinkedHashMap<>(point);
        factors.forEach((output, factor) -> all.put(weighted.factors().get(output), factor));
        return all;
    }

    private static Map<String, Tensor> used(Runner runner, Map<String, Tensor> all) {
        Map<String, Tensor> used = new LinkedHashMap<>();
        runner.inputs().forEach(name -> used.put(name, all.get(name)));
        return used;
    }

    private static double difference(
            Runner runner,
            Map<String, Tensor> point,
            Map<String, Tensor> direction,
            Map<String, Tensor> factors,
            double step) {
        return (sum(runner, shifted(point, direction, step), factors)
                        - sum(runner, shifted(point, direction, -step), factors))
                / (2 * step);
    }

    private static Map<String, Tensor> shifted(Map<String, Tensor> point, Map<String, Tensor> direction, double step) {
        Map<String, Tensor> shifted = new LinkedHashMap<>(point);
        direction.forEach((name, moves) -> {
            double[] values = Tensors.toDoubles(point.get(name));
            Tensors.forEach(moves, (i, move) -> values[(int) i] += step * move);
            shifted.put(name, Tensors.fromDoubles(DataType.FLOAT32, moves.shape(), values));
        });
        return shifted;
    }

    private static double sum(Runner runner, Map<String, Tensor> point, Map<String, Tensor> factors) {
        Map<String, Tensor> outputs = runner.run(used(runner, point));
        double sum = 0;
        for (Map.Entry<String, Tensor> factor : factors.entrySet()) {
            sum += dot(outputs.get(factor.getKey()), factor.getValue());
        }
        return sum;
    }

    private static double dot(Tensor left, Tensor right) {
        double[] a = Tensors.toDoubles(left);
        double[] b = Tensors.toDoubles(right);
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    /** The square of what a sum of products is like when its terms do not know of each other. */
    private static double square(Tensor left, Tensor right) {
        double[] a = Tensors.toDoubles(left);
        double[] b = Tensors.toDoubles(right);
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * a[i] * b[i] * b[i];
        }
        return sum;
    }

    private void compare(String what, DoubleUnaryOperator differences, double actual, double size) {
        double[] expected = Arrays.stream(STEPS).map(differences).toArray();
        double least = Arrays.stream(expected)
                .map(each -> Math.abs(each - actual) / Math.max(Math.max(Math.abs(each), size), 0.05))
                .min()
                .orElseThrow();
        assertThat(least)
                .as("%s: %s by differences, %s by the rule", what, Arrays.toString(expected), actual)
                .isLessThan(tolerance);
    }

    private static Map<String, Tensor> run(Graph graph, Map<String, Tensor> point) {
        try (Runner runner = prepare(graph)) {
            return runner.run(used(runner, point));
        }
    }

    private static Runner prepare(Graph graph) {
        return new OnnxExecutor().prepare(graph, Settings.PLAIN);
    }
}
