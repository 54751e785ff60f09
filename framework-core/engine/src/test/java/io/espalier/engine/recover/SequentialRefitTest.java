package io.espalier.engine.recover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.adapter.onnx.OnnxAdapter;
import io.espalier.adapter.onnx.OnnxExecutor;
import io.espalier.graph.operator.Operators;
import io.espalier.plugin.obs.ObsCompensator;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.compensator.KeptPositions;
import io.espalier.spi.compensator.LinearMap;
import io.espalier.spi.compensator.WeightSolver;
import io.espalier.spi.data.BatchOptions;
import io.espalier.spi.data.Batches;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.GraphIndex;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.TestingRunContext;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Weights are fitted to what the original computed. */
final class SequentialRefitTest {

    /** A node that applies constants named {@code w} and {@code b} to {@code x}. */
    record Case(String name, Node node, long[] input, Map<String, long[]> constants) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() {
        return Stream.of(
                conv("convolution", new long[] {3, 9, 8}, new long[] {4, 3, 3, 3}, Map.of()),
                conv("convolution without bias", new long[] {3, 9, 8}, new long[] {4, 3, 2, 3}, Map.of(), false),
                conv("pointwise", new long[] {6, 5, 5}, new long[] {4, 6, 1, 1}, Map.of()),
                conv(
                        "strided and padded",
                        new long[] {3, 9, 8},
                        new long[] {4, 3, 3, 3},
                        Map.of("strides", ints(2, 1), "pads", ints(1, 0, 2, 1))),
                conv("dilated", new long[] {2, 9, 8}, new long[] {4, 2, 3, 2}, Map.of("dilations", ints(2, 3))),
                conv(
                        "same padding",
                        new long[] {2, 9, 8},
                        new long[] {4, 2, 3, 2},
                        Map.of("auto_pad", new Attribute.Text("SAME_UPPER"))),
                conv("grouped", new long[] {6, 9, 8}, new long[] {8, 3, 3, 3}, Map.of("group", new Attribute.Int(2))),
                conv("depthwise", new long[] {6, 9, 8}, new long[] {6, 1, 3, 3}, Map.of("group", new Attribute.Int(6))),
                conv(
                        "depthwise, two each",
                        new long[] {3, 9, 8},
                        new long[] {6, 1, 3, 3},
                        Map.of("group", new Attribute.Int(3))),
                conv("one axis", new long[] {3, 20}, new long[] {4, 3, 5}, Map.of()),
                conv("three axes", new long[] {2, 5, 6, 4}, new long[] {3, 2, 2, 3, 2}, Map.of()),
                transposed(
                        "transposed", new long[] {3, 5, 6}, new long[] {3, 4, 3, 3}, Map.of("strides", ints(2, 2)), 4),
                transposed(
                        "transposed, grouped",
                        new long[] {4, 5, 6},
                        new long[] {4, 3, 2, 2},
                        Map.of("group", new Attribute.Int(2)),
                        6),
                gemm("gemm", new long[] {5}, new long[] {5, 4}, Map.of()),
                gemm("gemm, transposed", new long[] {5}, new long[] {4, 5}, Map.of("transB", new Attribute.Int(1))),
                gemm("gemm, scaled", new long[] {5}, new long[] {5, 4}, Map.of("alpha", new Attribute.Real(0.5))),
                matMul("matrix product", new long[] {7, 5}, new long[] {5, 4}, "x", "w"),
                matMul("matrix product, constant at the left", new long[] {5, 7}, new long[] {4, 5}, "w", "x"),
                matMul("a matrix for each head", new long[] {3, 7, 5}, new long[] {3, 5, 4}, "x", "w"),
                matMul("one matrix for all heads", new long[] {3, 7, 5}, new long[] {1, 5, 4}, "x", "w"),
                einsum("sum of products", "bij,jkl->bikl", new long[] {7, 5}, new long[] {5, 2, 3}),
                einsum("sum of products, outputs first", "bij,kj->kbi", new long[] {7, 5}, new long[] {3, 5}));
    }

    private static Attribute ints(long... values) {
        return new Attribute.Ints(Arrays.stream(values).boxed().toList());
    }

    private static Case conv(String name, long[] input, long[] weight, Map<String, Attribute> attributes) {
        return conv(name, input, weight, attributes, true);
    }

    private static Case conv(
            String name, long[] input, long[] weight, Map<String, Attribute> attributes, boolean bias) {
        return windowed("Conv", name, input, weight, attributes, bias ? weight[0] : 0);
    }

    private static Case transposed(
            String name, long[] input, long[] weight, Map<String, Attribute> attributes, long outputs) {
        return windowed("ConvTranspose", name, input, weight, attributes, outputs);
    }

    private static Case windowed(
            String operator, String name, long[] input, long[] weight, Map<String, Attribute> attributes, long biases) {
        Map<String, long[]> constants = new LinkedHashMap<>(Map.of("w", weight));
        List<String> operands = new ArrayList<>(List.of("x", "w"));
        if (biases > 0) {
            constants.put("b", new long[] {biases});
            operands.add("b");
        }
        return new Case(name, new Node("", operator, operands, List.of("y"), attributes), input, constants);
    }

    private static Case gemm(String name, long[] input, long[] weight, Map<String, Attribute> attributes) {
        Map<String, long[]> constants = new LinkedHashMap<>(Map.of("w", weight, "b", new long[] {4}));
        return new Case(name, new Node("", "Gemm", List.of("x", "w", "b"), List.of("y"), attributes), input, constants);
    }

    private static Case matMul(String name, long[] input, long[] weight, String left, String right) {
        Node node = new Node("", "MatMul", List.of(left, right), List.of("y"), Map.of());
        return new Case(name, node, input, Map.of("w", weight));
    }

    private static Case einsum(String name, String equation, long[] input, long[] weight) {
        Node node = new Node(
                "", "Einsum", List.of("x", "w"), List.of("y"), Map.of("equation", new Attribute.Text(equation)));
        return new Case(name, node, input, Map.of("w", weight));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void disturbedWeightsAreFoundAgain(Case each) {
        for (long seed = 1; seed <= 3; seed++) {
            Graph original = graph(each, seed);
            Graph disturbed = original.withConstants(constants(each, seed + 100));
            SequentialRefit refit = refit(original, disturbed, data(each.input(), 64, seed));

            Map<String, Tensor> found = values(refit.edits(solver(1e-9)));

            String which = each + ", seed " + seed + ", " + refit.fitted();
            assertThat(found.keySet())
                    .as(which)
                    .containsExactlyInAnyOrderElementsOf(each.constants().keySet());
            found.forEach((name, value) -> assertThat(Tensors.toDoubles(value))
                    .as(which + ", " + name)
                    .containsExactly(Tensors.toDoubles(original.constants().get(name)), within(2e-3)));
        }
    }

    /** Exporters store what they multiply with turned, or as a matrix. */
    @Test
    void weightsThatTheGraphMovesFirstAreFoundAgain() {
        for (long seed = 1; seed <= 3; seed++) {
            Case product = matMul("product", new long[] {7, 5}, new long[] {20}, "x", "turned");
            Node reshaped = new Node("", "Reshape", List.of("w", "shape"), List.of("reshaped"), Map.of());
            Node turned = new Node("", "Transpose", List.of("reshaped"), List.of("turned"), Map.of());
            Graph plain = graph(product, seed);
            Graph original = new Graph(
                    "moved",
                    plain.inputs(),
                    plain.outputs(),
                    List.of(reshaped, turned, product.node()),
                    plain.withConstants(Map.of("shape", Tensors.vector(4, 5))).constants(),
                    Map.of());
            Graph disturbed = original.withConstants(constants(product, seed + 100));

            Map<String, Tensor> found = values(
                    refit(original, disturbed, data(product.input(), 64, seed)).edits(solver(1e-9)));

            assertThat(found.keySet()).containsExactly("w");
            assertThat(Tensors.toDoubles(found.get("w")))
                    .as("seed %d", seed)
                    .containsExactly(Tensors.toDoubles(original.constants().get("w")), within(2e-3));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void anUpdateThatIsWorseOnOtherRowsIsNotMade(Case each) {
        Graph original = graph(each, 1);
        Graph disturbed = original.withConstants(constants(each, 101));
        WeightSolver worse = fit -> Optional.of(new LinearMap(
                Arrays.stream(fit.now().weight()).map(weight -> 3 * weight).toArray(),
                fit.now().bias()));
        SequentialRefit refit = refit(original, disturbed, data(each.input(), 16, 1));

        List<Edit> edits = refit.edits(worse);

        for (FittedWeight fitted : refit.fitted()) {
            assertThat(fitted.after()).as(each + " " + fitted).isLessThanOrEqualTo(fitted.before());
        }
        assertThat(edits.isEmpty())
                .isEqualTo(refit.fitted().stream().allMatch(fitted -> fitted.after() == fitted.before()));
    }

    /** The input that is missing was always 5: what it contributed is added behind the convolution. */
    @Test
    void aShiftBehindTheWeightTakesUpABias() {
        for (String operator : List.of("BatchNormalization", "Add")) {
            for (long seed = 1; seed <= 3; seed++) {
                Graph original = shifted(operator, seed, new SplittableRandom(seed));
                Tensor weight = original.constants().get("w");
                Node two =
                        new Node("", "Gather", List.of("x", "two"), List.of("s"), Map.of("axis", new Attribute.Int(1)));
                Graph pruned = new Graph(
                        "pruned",
                        original.inputs(),
                        original.outputs(),
                        List.of(
                                two,
                                original.nodes().get(0).withInput(0, "s"),
                                original.nodes().get(1)),
                        original.withConstants(Map.of(
                                        "w", Tensors.sliced(weight, 1, new int[] {0, 1}), "two", Tensors.vector(0, 1)))
                                .constants(),
                        Map.of());
                InMemory data = data(new long[] {3, 5, 5}, 64, seed);
                float[] x = Tensors.toFloats(data.arrays().get("x"));
                for (int i = 0; i < x.length; i++) {
                    x[i] = i / 25 % 3 == 2 ? 5 : x[i];
                }
                InMemory constant = new InMemory(
                        64, Map.of("x", Tensors.floats(data.arrays().get("x").shape(), x)));
                SequentialRefit refit = refit(original, pruned, constant);

                Map<String, Tensor> found = values(refit.edits(solver(1e-9)));

                double[] expected = Tensors.toDoubles(original.constants().get("shift"));
                for (int output = 0; output < 4; output++) {
                    double slope = operator.equals("Add")
                            ? 1
                            : at(original, "scale", output) / Math.sqrt(at(original, "variance", output) + 1e-5);
                    expected[output] += 5 * slope * Tensors.toDoubles(weight)[output * 3 + 2];
                }
                assertThat(Tensors.toDoubles(found.get("shift")))
                        .as(operator + ", seed " + seed + ", " + refit.fitted())
                        .containsExactly(expected, within(1e-2));
            }
        }
    }

    private static double at(Graph graph, String constant, int index) {
        return Tensors.toDoubles(graph.constants().get(constant))[index];
    }

    /** The targets are those of the convolution: its bias lies in the shift of the original, so nothing is to be added. */
    @Test
    void aShiftThatIsRightStays() {
        for (String operator : List.of("BatchNormalization", "Add")) {
            Graph original = shifted(operator, 1, new SplittableRandom(1));
            Graph disturbed = original.withConstants(Map.of("w", random(new SplittableRandom(-1), 4, 3, 1, 1)));

            Map<String, Tensor> found = values(refit(original, disturbed, data(new long[] {3, 5, 5}, 64, 1))
                    .edits(solver(1e-9)));

            assertThat(Tensors.toDoubles(found.get("shift")))
                    .as(operator)
                    .containsExactly(Tensors.toDoubles(original.constants().get("shift")), within(2e-3));
        }
    }

    private static Tensor shift(String operator, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return operator.equals("Add") ? random(random, 4, 1, 1) : random(random, 4);
    }

    private static Graph shifted(String operator, long seed, SplittableRandom random) {
        Node conv = new Node("", "Conv", List.of("x", "w"), List.of("c"), Map.of());
        List<String> operands =
                operator.equals("Add") ? List.of("shift", "c") : List.of("c", "scale", "shift", "mean", "variance");
        Node behind = new Node("", operator, operands, List.of("y"), Map.of());
        Map<String, Tensor> constants = new LinkedHashMap<>();
        constants.put("w", random(random, 4, 3, 1, 1));
        constants.put("shift", shift(operator, seed));
        if (!operator.equals("Add")) {
            constants.put("scale", random(random, 4));
            constants.put("mean", random(random, 4));
            constants.put("variance", Tensors.floats(List.of(4L), 1, 2, 0.5f, 3));
        }
        ValueType type = new ValueType(
                DataType.FLOAT32,
                Optional.of(List.of(
                        new Dimension.Symbol("batch"),
                        new Dimension.Fixed(3),
                        new Dimension.Fixed(5),
                        new Dimension.Fixed(5))));
        return new Graph("shifted", Map.of("x", type), List.of("y"), List.of(conv, behind), constants, Map.of());
    }

    /** What is reported of a weight is what the finished network does: no later change touches what it sees. */
    @ParameterizedTest
    @ValueSource(strings = {"vit-multihead.s14", "bert.d18", "mobilenet-v3.s13", "swin.s13", "resnext.s13"})
    void reportedErrorsAreThoseOfTheFinishedNetwork(String name) throws Exception {
        Path file =
                Path.of(getClass().getResource("/exported/" + name + ".onnx").toURI());
        try (Model model = new OnnxAdapter().open(file)) {
            Graph original = model.graph();
            SplittableRandom random = new SplittableRandom(name.hashCode());
            Map<String, Tensor> noisy = new LinkedHashMap<>();
            original.constants().forEach((constant, value) -> {
                if (value.type() == DataType.FLOAT32 && value.shape().size() > 1) {
                    float[] elements = Tensors.toFloats(value);
                    for (int i = 0; i < elements.length; i++) {
                        elements[i] *= 1 + 0.3 * random.nextGaussian();
                    }
                    noisy.put(constant, Tensors.floats(value.shape(), elements));
                }
            });
            Graph disturbed = original.withConstants(noisy);
            InMemory data = inputs(original, 16);
            SequentialRefit refit = refit(original, disturbed, data);
            Graph finished = disturbed.withConstants(values(refit.edits(solver(1e-3))));

            List<FittedWeight> fitted =
                    refit.fitted().stream().filter(FittedWeight::isChanged).toList();
            assertThat(fitted).as(name + " " + refit.fitted()).isNotEmpty();
            double[][] errors = errors(original, finished, fitted, data);
            for (int i = 0; i < errors.length; i++) {
                assertThat(errors[i][0] / errors[i][1])
                        .as(name + " " + fitted.get(i))
                        .isCloseTo(
                                fitted.get(i).after(),
                                within(1e-3 + 1e-2 * fitted.get(i).after()));
            }
        }
    }

    /** Squared differences of what nodes compute, and squares, over the batches that are held back. */
    private static double[][] errors(Graph original, Graph finished, List<FittedWeight> fitted, InMemory data) {
        List<String> nodes = fitted.stream().map(FittedWeight::node).toList();
        List<String> sums = nodes.stream().map(node -> sum(node, finished)).toList();
        double[][] errors = new double[fitted.size()][2];
        Batches batches = Batches.of(original, data, BatchOptions.of(2), new TestingRunContext(1));
        try (Runner then =
                        new OnnxExecutor().prepare(original.withOutputs(nodes).withOutputs(sums), Settings.PLAIN);
                Runner now = new OnnxExecutor().prepare(finished.withOutputs(sums), Settings.PLAIN)) {
            for (int batch = 7; batch < batches.count(); batch += 8) {
                Map<String, Tensor> targets = then.run(batches.get(batch).inputs());
                Map<String, Tensor> found = now.run(batches.get(batch).inputs());
                for (int i = 0; i < errors.length; i++) {
                    double[] squared = Tensors.toDoubles(targets.get(nodes.get(i)));
                    double[] target = Tensors.toDoubles(targets.get(sums.get(i)));
                    double[] value = Tensors.toDoubles(found.get(sums.get(i)));
                    for (int k = 0; k < target.length; k++) {
                        errors[i][0] += (target[k] - value[k]) * (target[k] - value[k]);
                        errors[i][1] += squared[k] * squared[k];
                    }
                }
            }
        }
        return errors;
    }

    /** Where a bias behind the weight is added. */
    private static String sum(String node, Graph graph) {
        GraphIndex index = GraphIndex.of(graph);
        if (index.readers(node).isEmpty()) {
            return node;
        }
        Node reader = index.readers(node).get(0).node();
        boolean adds =
                reader.operator().equals("Add") && reader.inputs().stream().anyMatch(graph.constants()::containsKey);
        return adds ? reader.id() : node;
    }

    private static InMemory inputs(Graph graph, int examples) {
        SplittableRandom random = new SplittableRandom(5);
        Map<String, Tensor> arrays = new LinkedHashMap<>();
        graph.inputs().forEach((input, type) -> {
            List<Dimension> extents = type.shape().orElseThrow();
            long[] shape = new long[extents.size()];
            for (int axis = 0; axis < shape.length; axis++) {
                shape[axis] =
                        axis == 0 ? examples : extents.get(axis) instanceof Dimension.Fixed fixed ? fixed.extent() : 16;
            }
            Tensor normal = random(random, shape);
            arrays.put(
                    input,
                    type.type().isFloating()
                            ? normal
                            : Tensors.fromDoubles(
                                    type.type(),
                                    normal.shape(),
                                    Arrays.stream(Tensors.toDoubles(normal))
                                            .map(value -> value > 0 ? 1 : 0)
                                            .toArray()));
        });
        return new InMemory(examples, arrays);
    }

    @Test
    void whatTheCutHasNotChangedStays() {
        Case each = cases().findFirst().orElseThrow();
        Graph graph = graph(each, 1);

        assertThat(refit(graph, graph, data(each.input(), 16, 1)).edits(solver(1e-3)))
                .isEmpty();
    }

    @Test
    void oneExampleIsTooFew() {
        Case each = cases().findFirst().orElseThrow();
        Graph graph = graph(each, 1);

        assertThatThrownBy(() -> refit(graph, graph, data(each.input(), 1, 1)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("1 example");
    }

    private static SequentialRefit refit(Graph original, Graph pruned, Dataset data) {
        TestingRunContext run = new TestingRunContext(1);
        Batches batches = Batches.of(pruned, data, BatchOptions.of(8), run);
        return new SequentialRefit(
                original, pruned, new All(original), batches, Operators.standard(), new OnnxExecutor(), run);
    }

    private static WeightSolver solver(double ridge) {
        return ObsCompensator.solver(ridge);
    }

    private static Map<String, Tensor> values(List<Edit> edits) {
        Map<String, Tensor> values = new LinkedHashMap<>();
        edits.forEach(edit -> values.put(((Edit.SetConstant) edit).constant(), ((Edit.SetConstant) edit).value()));
        return values;
    }

    private static Graph graph(Case each, long seed) {
        List<Dimension> extents = new ArrayList<>(List.of(new Dimension.Symbol("batch")));
        Arrays.stream(each.input()).forEach(extent -> extents.add(new Dimension.Fixed(extent)));
        ValueType type = new ValueType(DataType.FLOAT32, Optional.of(extents));
        return new Graph(
                "case", Map.of("x", type), List.of("y"), List.of(each.node()), constants(each, seed), Map.of());
    }

    private static Map<String, Tensor> constants(Case each, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Map<String, Tensor> constants = new LinkedHashMap<>();
        each.constants().forEach((name, shape) -> constants.put(name, random(random, shape)));
        return constants;
    }

    private static Tensor random(SplittableRandom random, long... shape) {
        float[] values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Tensors.floats(Arrays.stream(shape).boxed().toList(), values);
    }

    private static InMemory data(long[] input, int examples, long seed) {
        long[] shape = new long[input.length + 1];
        shape[0] = examples;
        System.arraycopy(input, 0, shape, 1, input.length);
        Tensor x = random(new SplittableRandom(seed), shape);
        return new InMemory(examples, Map.of("x", x));
    }

    private record InMemory(long size, Map<String, Tensor> arrays) implements Dataset {}

    /** Nothing was cut. */
    private record All(Graph graph) implements KeptPositions {

        @Override
        public Optional<int[]> ofValue(String value, int axis) {
            long extent =
                    Operators.standard().infer(graph).require(value).get(axis).constant();
            return Optional.of(IntStream.range(0, (int) extent).toArray());
        }

        @Override
        public Optional<int[]> ofInput(String node, int slot, int axis) {
            return Optional.empty();
        }
    }
}
