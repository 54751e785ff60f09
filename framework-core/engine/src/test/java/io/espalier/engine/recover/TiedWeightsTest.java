package io.espalier.engine.recover;

import static io.espalier.engine.recover.TestingRefits.data;
import static io.espalier.engine.recover.TestingRefits.random;
import static io.espalier.engine.recover.TestingRefits.refit;
import static io.espalier.engine.recover.TestingRefits.solver;
import static io.espalier.engine.recover.TestingRefits.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Weights that several nodes apply are fitted for all of them. */
final class TiedWeightsTest {

    private static final ValueType ROWS = new ValueType(
            DataType.FLOAT32, Optional.of(List.of(new Dimension.Symbol("batch"), new Dimension.Fixed(5))));

    /** The same layer again and again, each time behind an activation. */
    @ParameterizedTest
    @ValueSource(strings = {"none", "own", "one for all", "own and fixed", "turned"})
    void aLayerThatIsAppliedAgainIsFoundAgain(String biases) {
        for (long seed = 1; seed <= 3; seed++) {
            Graph original = repeated(biases, seed);
            Map<String, Tensor> disturbance = new LinkedHashMap<>();
            SplittableRandom random = new SplittableRandom(-seed);
            original.constants()
                    .forEach((name, value) -> disturbance.put(
                            name,
                            random(
                                    random,
                                    value.shape().stream()
                                            .mapToLong(Long::longValue)
                                            .toArray())));
            disturbance.remove("fixed");
            SequentialRefit refit =
                    refit(original, original.withConstants(disturbance), data(new long[] {5}, 256, seed));

            Map<String, Tensor> found = values(refit.edits(solver(1e-9)));

            String which = biases + ", seed " + seed + ", " + refit.fitted();
            assertThat(refit.fitted()).as(which).hasSize(1).allMatch(FittedWeight::isChanged);
            assertThat(found.keySet()).as(which).containsExactlyInAnyOrderElementsOf(disturbance.keySet());
            found.forEach((name, value) -> assertThat(Tensors.toDoubles(value))
                    .as(which + ", " + name)
                    .containsExactly(Tensors.toDoubles(original.constants().get(name)), within(2e-3)));
        }
    }

    private static Graph repeated(String biases, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Map<String, Tensor> constants = new LinkedHashMap<>(Map.of("w", random(random, 5, 5)));
        List<Node> nodes = new ArrayList<>();
        String value = "x";
        for (int i = 0; i < 3; i++) {
            String weight = "w";
            if (biases.equals("turned")) {
                weight = "w" + i;
                nodes.add(Node.of("Transpose", List.of("w"), List.of(weight), Map.of()));
            }
            List<String> operands = new ArrayList<>(List.of(value, weight));
            String bias = bias(biases, i);
            if (!bias.isEmpty()) {
                constants.computeIfAbsent(bias, name -> random(random, 5));
                operands.add(bias);
            }
            nodes.add(Node.of("Gemm", operands, List.of("layer" + i), Map.of()));
            value = "active" + i;
            nodes.add(Node.of("Tanh", List.of("layer" + i), List.of(value), Map.of()));
        }
        if (biases.contains("fixed")) {
            nodes.add(Node.of("Add", List.of(value, "fixed"), List.of("moved"), Map.of()));
            value = "moved";
        }
        return new Graph("repeated", Map.of("x", ROWS), List.of(value), nodes, constants, Map.of());
    }

    private static String bias(String biases, int layer) {
        return switch (biases) {
            case "own" -> "b" + layer;
            case "one for all" -> "b";
            case "own and fixed" -> layer == 1 ? "fixed" : "b" + layer;
            default -> "";
        };
    }

    /** Two inputs with one weight are one input with twice the examples. */
    @Test
    void twoBranchesAreFittedLikeAllTheirExamplesTogether() {
        for (long seed = 1; seed <= 5; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Map<String, Tensor> original = Map.of("w", random(random, 5, 4));
            Map<String, Tensor> cut = Map.of("w", random(random, 5, 4));
            Node left = Node.of("MatMul", List.of("left", "w"), List.of("y"), Map.of());
            Node right = Node.of("MatMul", List.of("right", "w"), List.of("z"), Map.of());
            Graph two = new Graph(
                    "two",
                    Map.of("left", ROWS, "right", ROWS),
                    List.of("y", "z"),
                    List.of(left, right),
                    original,
                    Map.of());
            Tensor a = random(random, 64, 5);
            Tensor b = random(random, 64, 5);
            ValueType pairs = new ValueType(
                    DataType.FLOAT32,
                    Optional.of(
                            List.of(new Dimension.Symbol("batch"), new Dimension.Fixed(2), new Dimension.Fixed(5))));
            Graph one = new Graph(
                    "one",
                    Map.of("x", pairs),
                    List.of("y"),
                    List.of(Node.of("MatMul", List.of("x", "w"), List.of("y"), Map.of())),
                    original,
                    Map.of());

            Map<String, Tensor> apart = values(
                    refit(two, two.withConstants(cut), new TestingRefits.InMemory(64, Map.of("left", a, "right", b)))
                            .edits(solver(0.1)));
            Map<String, Tensor> together =
                    values(refit(one, one.withConstants(cut), new TestingRefits.InMemory(64, Map.of("x", pairs(a, b))))
                            .edits(solver(0.1)));

            assertThat(Tensors.toDoubles(apart.get("w")))
                    .as("seed %d", seed)
                    .containsExactly(Tensors.toDoubles(together.get("w")), within(1e-5));
        }
    }

    private static Tensor pairs(Tensor a, Tensor b) {
        float[] left = Tensors.toFloats(a);
        float[] right = Tensors.toFloats(b);
        float[] all = new float[2 * left.length];
        for (int i = 0; i < left.length; i++) {
            all[i / 5 * 10 + i % 5] = left[i];
            all[i / 5 * 10 + 5 + i % 5] = right[i];
        }
        return Tensors.floats(List.of(64L, 2L, 5L), all);
    }

    /** The table that tokens are looked up in is also what the output is computed with. */
    @Test
    void aWeightThatIsAlsoReadOtherwiseIsNamed() {
        for (String other : List.of("Gather", "Add", "returned")) {
            Map<String, Tensor> constants =
                    new LinkedHashMap<>(Map.of("w", random(new SplittableRandom(1), 5, 5), "index", Tensors.vector(0)));
            Node product = Node.of("MatMul", List.of("x", "w"), List.of("y"), Map.of());
            List<Node> nodes = new ArrayList<>(List.of(product));
            String output = "w";
            if (!other.equals("returned")) {
                List<String> operands = other.equals("Add") ? List.of("y", "w") : List.of("w", "index");
                nodes.add(Node.of(other, operands, List.of("other"), Map.of("axis", new Attribute.Int(0))));
                output = "other";
            }
            Graph graph = new Graph("other", Map.of("x", ROWS), List.of("y", output), nodes, constants, Map.of());
            SequentialRefit refit = refit(graph, graph, data(new long[] {5}, 16, 1));

            assertThat(refit.edits(solver(1e-3))).as(other).isEmpty();
            assertThat(refit.fitted())
                    .as(other)
                    .anyMatch(fitted ->
                            fitted.weight().equals("w") && fitted.reason().contains("reads it too"));
        }
    }
}
