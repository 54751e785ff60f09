package io.espalier.engine.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.espalier.engine.coupling.channel.Group;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.verify.Verification.Outcome;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.model.GraphBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks that draw random numbers are proved with the same numbers in both, and a wrong cut of one is noticed. */
final class ReplayedNoiseTest {

    private static final Map<String, BiFunction<GraphBuilder, String, String>> NOISES = noises();

    private static Map<String, BiFunction<GraphBuilder, String, String>> noises() {
        Map<String, BiFunction<GraphBuilder, String, String>> noises = new LinkedHashMap<>();
        noises.put("RandomNormalLike", (graph, x) -> like(graph, x, "RandomNormalLike", "mean", 1.0, "scale", 0.5));
        noises.put("RandomUniformLike", (graph, x) -> {
            String uniform = like(graph, x, "RandomUniformLike", "low", 0.5, "high", 2.0);
            return graph.unary("Log", uniform);
        });
        noises.put("Bernoulli", (graph, x) -> like(graph, graph.unary("Sigmoid", x), "Bernoulli"));
        noises.put("Dropout", (graph, x) -> dropout(graph, x, true));
        noises.put("RandomNormal", (graph, x) -> fixed(graph, "RandomNormal"));
        noises.put("RandomUniform", (graph, x) -> graph.unary("Sqrt", fixed(graph, "RandomUniform")));
        noises.put("Multinomial", (graph, x) -> {
            String drawn = graph.node("Multinomial", List.of(x), "sample_size", 8, "dtype", 6);
            return graph.follow(graph.node("Cast", List.of(drawn), "to", 1), "batch", 8);
        });
        return noises;
    }

    private static String like(GraphBuilder graph, String x, String operator, Object... attributes) {
        return graph.follow(
                graph.node(operator, List.of(x), attributes), graph.shape(x).toArray());
    }

    private static String dropout(GraphBuilder graph, String x, boolean training) {
        String ratio = graph.constant("ratio", Tensors.floats(List.of(), 0.4f));
        String mode = graph.constant("training", Tensors.fromDoubles(DataType.BOOL, List.of(), training ? 1 : 0));
        String kept = graph.node("Dropout", List.of(x, ratio, mode));
        return graph.follow(kept, graph.shape(x).toArray());
    }

    private static String fixed(GraphBuilder graph, String operator) {
        return graph.follow(graph.node(operator, List.of(), "shape", new long[] {1, 8}), 1, 8);
    }

    /** A layer that can be cut, a mean with noise beside it, a layer that can be cut. */
    private static Graph network(BiFunction<GraphBuilder, String, String> noise) {
        GraphBuilder graph = new GraphBuilder("noise", 5);
        String hidden = graph.relu(graph.gemm("encode", graph.input("x", "batch", 6), 12));
        String mean = graph.gemm("mean", hidden, 8);
        String drawn = graph.add(mean, noise.apply(graph, mean));
        String decoded = graph.unary("Sigmoid", graph.gemm("decode", drawn, 12));
        return graph.output(graph.gemm("head", decoded, 3), mean).build();
    }

    @TestFactory
    Stream<DynamicTest> theSameNumbersAreDrawnInBoth() {
        return NOISES.entrySet().stream()
                .map(each -> dynamicTest(each.getKey(), () -> {
                    TestingPruning pruning = TestingPruning.of(network(each.getValue()));
                    Removal removal = pruning.randomRemoval(1);
                    Verification verification = pruning.prove(removal);
                    assertThat(verification.outcome()).as("%s", verification).isEqualTo(Outcome.PROVED);
                }));
    }

    /** The decoder lies behind the noise: channels swapped there are seen nowhere else. */
    @TestFactory
    Stream<DynamicTest> aWrongCutBehindTheNoiseIsNoticed() {
        return NOISES.entrySet().stream()
                .map(each -> dynamicTest(each.getKey(), () -> {
                    TestingPruning pruning = TestingPruning.of(network(each.getValue()));
                    Group decoder = pruning.groups().stream()
                            .filter(group -> group.labelledAxes().stream()
                                    .anyMatch(axis -> axis.use().constant().equals("decode.weight")
                                            && group.channels().size() == 12))
                            .findFirst()
                            .orElseThrow();
                    Verification verification =
                            pruning.verify(pruning.removal(decoder, 0), pruning.cut(pruning.removal(decoder, 1)));
                    assertThat(verification.outcome()).as("%s", verification).isEqualTo(Outcome.FAILED);
                }));
    }

    /** Dropout drops nothing when it is not in training, so that its operand can be cut. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void onlyADropoutInTrainingNeedsAllChannels(boolean training) {
        GraphBuilder graph = new GraphBuilder("dropout", 5);
        String hidden = graph.relu(graph.gemm("encode", graph.input("x", "batch", 6), 12));
        TestingPruning pruning = TestingPruning.of(graph.output(graph.gemm("head", dropout(graph, hidden, training), 3))
                .build());
        assertThat(pruning.groups()).hasSize(training ? 0 : 1);
    }

    @TestFactory
    Stream<DynamicTest> numbersAreThoseThatTheOperatorCouldDraw() {
        return NOISES.entrySet().stream()
                .map(each -> dynamicTest(each.getKey(), () -> {
                    Graph graph = network(each.getValue());
                    Shapes shapes = Operators.standard().infer(graph);
                    ReplayedNoise noise = ReplayedNoise.of(graph, shapes, Operators.standard());
                    assertThat(noise.drawn()).hasSize(1);
                    String input = noise.drawn().keySet().iterator().next();
                    Graph replayed = noise.replayed(graph);
                    assertThat(replayed.inputs()).containsKey(input);
                    double[] drawn = Tensors.toDoubles(new RandomInputs(replayed, shapes, Operators.standard(), noise)
                            .make(3, Map.of("batch", 40L))
                            .get(input));
                    double least = IntStream.range(0, drawn.length)
                            .mapToDouble(i -> drawn[i])
                            .min()
                            .orElseThrow();
                    assertThat(least).isGreaterThan(each.getKey().startsWith("RandomNormal") ? -10 : -1e-9);
                    assertThat(drawn).isNotEqualTo(new double[drawn.length]);
                }));
    }
}
