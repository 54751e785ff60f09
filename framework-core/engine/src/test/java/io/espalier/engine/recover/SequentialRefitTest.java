package io.espalier.engine.recover;

import static io.espalier.engine.recover.TestingRefits.data;
import static io.espalier.engine.recover.TestingRefits.random;
import static io.espalier.engine.recover.TestingRefits.refit;
import static io.espalier.engine.recover.TestingRefits.solver;
import static io.espalier.engine.recover.TestingRefits.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.compensator.LinearMap;
import io.espalier.spi.compensator.WeightSolver;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Weights are fitted to what the original computed. */
final class SequentialRefitTest {

    @ParameterizedTest
    @MethodSource("io.espalier.engine.recover.LinearCase#all")
    void disturbedWeightsAreFoundAgain(LinearCase each) {
        for (long seed = 1; seed <= 3; seed++) {
            Graph original = each.graph(seed);
            Graph disturbed = original.withConstants(each.constants(seed + 100));
            SequentialRefit refit = refit(original, disturbed, data(each.input(), 64, seed));

            Map<String, Tensor> found = values(refit.edits(solver(1e-9)));

            String which = each + ", seed " + seed + ", " + refit.fitted();
            assertThat(found.keySet())
                    .as(which)
                    .containsExactlyInAnyOrderElementsOf(each.shapes().keySet());
            found.forEach((name, value) -> assertThat(Tensors.toDoubles(value))
                    .as(which + ", " + name)
                    .containsExactly(Tensors.toDoubles(original.constants().get(name)), within(2e-3)));
        }
    }

    /** Exporters store what they multiply with turned, or as a matrix. */
    @Test
    void weightsThatTheGraphMovesFirstAreFoundAgain() {
        for (long seed = 1; seed <= 3; seed++) {
            LinearCase product = LinearCase.matMul("product", new long[] {7, 5}, new long[] {20}, "x", "turned");
            Node reshaped = new Node("", "Reshape", List.of("w", "shape"), List.of("reshaped"), Map.of());
            Node turned = new Node("", "Transpose", List.of("reshaped"), List.of("turned"), Map.of());
            Graph plain = product.graph(seed);
            Graph original = new Graph(
                    "moved",
                    plain.inputs(),
                    plain.outputs(),
                    List.of(reshaped, turned, product.node()),
                    plain.withConstants(Map.of("shape", Tensors.vector(4, 5))).constants(),
                    Map.of());
            Graph disturbed = original.withConstants(product.constants(seed + 100));

            Map<String, Tensor> found = values(
                    refit(original, disturbed, data(product.input(), 64, seed)).edits(solver(1e-9)));

            assertThat(found.keySet()).containsExactly("w");
            assertThat(Tensors.toDoubles(found.get("w")))
                    .as("seed %d", seed)
                    .containsExactly(Tensors.toDoubles(original.constants().get("w")), within(2e-3));
        }
    }

    /** Quantised weights keep their scales, one for each output, and are rounded; a second reader is named. */
    @Test
    void quantisedWeightsAreFoundAgainToAStep() {
        for (long seed = 1; seed <= 3; seed++) {
            Graph original = quantised(seed, 0);
            Graph disturbed = quantised(seed, 25);
            SequentialRefit refit = refit(original, disturbed, data(new long[] {6}, 256, seed));

            Map<String, Tensor> found = values(refit.edits(solver(1e-9)));

            assertThat(found.keySet()).as(refit.fitted().toString()).containsExactly("q");
            assertThat(found.get("q").type()).isEqualTo(DataType.INT8);
            assertThat(Tensors.toDoubles(found.get("q")))
                    .as("seed %d", seed)
                    .containsExactly(Tensors.toDoubles(original.constants().get("q")), within(1.0));
        }
    }

    private static Graph quantised(long seed, int disturbance) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] steps = new double[24];
        Arrays.setAll(steps, i -> random.nextInt(-100, 101) + (i % 2 == 0 ? disturbance : -disturbance));
        Node widened = new Node(
                "",
                "DequantizeLinear",
                List.of("q", "scales", "zero"),
                List.of("w"),
                Map.of("axis", new Attribute.Int(1)));
        Node product = new Node("", "MatMul", List.of("x", "w"), List.of("y"), Map.of());
        ValueType type = new ValueType(
                DataType.FLOAT32, Optional.of(List.of(new Dimension.Symbol("batch"), new Dimension.Fixed(6))));
        return new Graph(
                "quantised",
                Map.of("x", type),
                List.of("y"),
                List.of(widened, product),
                Map.of(
                        "q", Tensors.fromDoubles(DataType.INT8, List.of(6L, 4L), steps),
                        "scales", Tensors.floats(List.of(4L), 0.01f, 0.002f, 0.05f, 0.5f),
                        "zero", Tensors.fromDoubles(DataType.INT8, List.of(4L), 0, 3, -5, 0)),
                Map.of());
    }

    @ParameterizedTest
    @MethodSource("io.espalier.engine.recover.LinearCase#all")
    void anUpdateThatIsWorseOnOtherRowsIsNotMade(LinearCase each) {
        Graph original = each.graph(1);
        Graph disturbed = original.withConstants(each.constants(101));
        WeightSolver worse = fit -> List.of(new LinearMap(
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
                TestingRefits.InMemory data = data(new long[] {3, 5, 5}, 64, seed);
                float[] x = Tensors.toFloats(data.arrays().get("x"));
                for (int i = 0; i < x.length; i++) {
                    x[i] = i / 25 % 3 == 2 ? 5 : x[i];
                }
                TestingRefits.InMemory constant = new TestingRefits.InMemory(
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

    @Test
    void whatTheCutHasNotChangedStays() {
        LinearCase each = LinearCase.all().findFirst().orElseThrow();
        Graph graph = each.graph(1);

        assertThat(refit(graph, graph, data(each.input(), 16, 1)).edits(solver(1e-3)))
                .isEmpty();
    }

    @Test
    void oneExampleIsTooFew() {
        LinearCase each = LinearCase.all().findFirst().orElseThrow();
        Graph graph = each.graph(1);

        assertThatThrownBy(() -> refit(graph, graph, data(each.input(), 1, 1)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("1 example");
    }
}
