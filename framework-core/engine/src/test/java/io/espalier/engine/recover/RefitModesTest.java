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
import io.espalier.spi.compensator.RefitSettings;
import io.espalier.spi.compensator.RefitSettings.Inputs;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the settings of a fit do. */
final class RefitModesTest {

    private static final RefittedFile FILE = new TestingRefits.File(true);

    private static RefitSettings settings(Inputs inputs, String... leaveOut) {
        return new RefitSettings(0, inputs, List.of(leaveOut), false, 0);
    }

    @ParameterizedTest
    @MethodSource("io.espalier.engine.recover.LinearCase#all")
    void oneShotFindsDisturbedWeightsAgain(LinearCase each) {
        Graph original = each.graph(1);
        Graph disturbed = original.withConstants(each.constants(101));

        Map<String, Tensor> found =
                values(refit(original, disturbed, data(each.input(), 64, 1), settings(Inputs.ONE_SHOT), FILE)
                        .edits(solver(1e-9)));

        assertThat(found.keySet())
                .containsExactlyInAnyOrderElementsOf(each.shapes().keySet());
        found.forEach((name, value) -> assertThat(Tensors.toDoubles(value))
                .as(each + ", " + name)
                .containsExactly(Tensors.toDoubles(original.constants().get(name)), within(2e-3)));
    }

    /** In one shot, the weights before one have no part in its fit; one after the other, they have. */
    @ParameterizedTest
    @EnumSource(Inputs.class)
    void oneShotFitsEachWeightByItself(Inputs inputs) {
        for (long seed = 1; seed <= 3; seed++) {
            Graph original = chain(seed);
            SplittableRandom random = new SplittableRandom(-seed);
            Tensor last = random(random, 5, 5);
            List<ByteBuffer> found = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                Graph cut = original.withConstants(Map.of("w0", random(random, 5, 5), "w2", last));
                found.add(Tensors.toBytes(values(
                                refit(original, cut, data(new long[] {5}, 64, seed), settings(inputs, "w0"), FILE)
                                        .edits(solver(1e-3)))
                        .get("w2")));
            }
            assertThat(found.get(0).equals(found.get(1)))
                    .as(inputs + ", seed " + seed)
                    .isEqualTo(inputs == Inputs.ONE_SHOT);
        }
    }

    private static Graph chain(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Node> nodes = new ArrayList<>();
        Map<String, Tensor> constants = new LinkedHashMap<>();
        for (int i = 0; i < 3; i++) {
            constants.put("w" + i, random(random, 5, 5));
            nodes.add(Node.of("MatMul", List.of(i == 0 ? "x" : "a" + (i - 1), "w" + i), List.of("y" + i), Map.of()));
            nodes.add(Node.of("Tanh", List.of("y" + i), List.of("a" + i), Map.of()));
        }
        Graph one = LinearCase.matMul("product", new long[] {5}, new long[] {5, 5}, "x", "w")
                .graph(1);
        return new Graph("chain", one.inputs(), List.of("a2"), nodes, constants, Map.of());
    }

    /** Whatever the order of nodes that do not depend on each other, the same bytes are found. */
    @ParameterizedTest
    @EnumSource(Inputs.class)
    void theOrderOfBranchesMakesNoDifference(Inputs inputs) {
        SplittableRandom random = new SplittableRandom(1);
        Map<String, Tensor> constants = new LinkedHashMap<>();
        Map<String, Tensor> cut = new LinkedHashMap<>();
        List<Node> nodes = new ArrayList<>();
        for (String branch : List.of("left", "right")) {
            for (int i = 0; i < 2; i++) {
                constants.put(branch + i, random(random, 5, 5));
                cut.put(branch + i, random(random, 5, 5));
                nodes.add(Node.of(
                        "MatMul",
                        List.of(i == 0 ? "x" : "y" + branch, branch + i),
                        List.of((i == 0 ? "y" : "z") + branch),
                        Map.of()));
            }
        }
        Graph one = LinearCase.matMul("product", new long[] {5}, new long[] {5, 5}, "x", "w")
                .graph(1);
        List<Map<String, Tensor>> found = new ArrayList<>();
        for (List<Integer> order : List.of(List.of(0, 1, 2, 3), List.of(2, 0, 3, 1), List.of(2, 3, 0, 1))) {
            Graph original = new Graph(
                    "branches",
                    one.inputs(),
                    List.of("zleft", "zright"),
                    order.stream().map(nodes::get).toList(),
                    constants,
                    Map.of());
            found.add(values(
                    refit(original, original.withConstants(cut), data(new long[] {5}, 64, 1), settings(inputs), FILE)
                            .edits(solver(1e-3))));
        }
        assertThat(found.get(0)).hasSize(4);
        found.forEach(each -> found.get(0)
                .forEach((name, value) ->
                        assertThat(Tensors.toBytes(each.get(name))).as(name).isEqualTo(Tensors.toBytes(value))));
    }

    @Test
    void patternsLeaveWeightsOut() {
        Graph original = chain(1);
        Graph cut = original.withConstants(chain(2).constants());
        for (String pattern : List.of("w1", "layers/y1", "*y1")) {
            SequentialRefit refit =
                    refit(original, cut, data(new long[] {5}, 64, 1), settings(Inputs.SEQUENTIAL, pattern), FILE);

            assertThat(values(refit.edits(solver(1e-3))).keySet()).as(pattern).containsExactly("w0", "w2");
            assertThat(refit.fitted())
                    .as(pattern)
                    .anyMatch(fitted -> fitted.weight().equals("w1")
                            && fitted.reason().contains("is left out by the pattern '" + pattern + "'"));
        }
    }

    @Test
    void patternsThatMatchNothingOrEverythingAreRefused() {
        Graph graph = chain(1);
        TestingRefits.InMemory data = data(new long[] {5}, 16, 1);
        assertThatThrownBy(() -> refit(graph, graph, data, settings(Inputs.SEQUENTIAL, "w1", "layers/y7"), FILE))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'layers/y7' matches no layer or parameter")
                .hasMessageContaining("layers/y1");
        assertThatThrownBy(() -> refit(graph, graph, data, settings(Inputs.SEQUENTIAL, "w?"), FILE))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("leave no weight to fit");
    }
}
