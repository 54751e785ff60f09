package io.espalier.engine.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.engine.coupling.channel.Group;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.coupling.label.StatisticCoupling;
import io.espalier.engine.verify.Verification.Outcome;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.model.GraphBuilder;
import io.espalier.testkit.model.Window;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

final class VerifierTest {

    /** Six channels, something that is done with them, a convolution. */
    private static TestingPruning image(BiFunction<GraphBuilder, String, String> body) {
        GraphBuilder graph = new GraphBuilder("verifier", 9);
        String x = graph.conv("conv1", graph.input("image", "batch", 2, 6, 6), 6, Window.same(3));
        graph.output(graph.conv("conv2", body.apply(graph, x), 3, Window.same(1)));
        return TestingPruning.of(graph.build());
    }

    /** Channels of five tokens, something that is done with them, a linear layer. */
    private static TestingPruning tokens(BiFunction<GraphBuilder, String, String> body) {
        GraphBuilder graph = new GraphBuilder("verifier", 9);
        String x = graph.linear("embed", graph.input("x", "batch", 5, 7), 8);
        graph.output(graph.linear("proj", body.apply(graph, x), 3));
        return TestingPruning.of(graph.build());
    }

    private static TestingPruning relu() {
        return image(GraphBuilder::relu);
    }

    private static TestingPruning with(TestingPruning pruning, String constant, Tensor value) {
        return TestingPruning.of(pruning.graph().withConstants(Map.of(constant, value)));
    }

    private static Removal first(TestingPruning pruning, int... channels) {
        return pruning.removal(pruning.groups().get(0), channels);
    }

    // ---- wrong cuts

    @Test
    void aSoundCutIsProvedAtTwoExtents() {
        Verification found = relu().prove(first(relu(), 0, 2));
        assertThat(found.outcome()).isEqualTo(Outcome.PROVED);
        assertThat(found.reason()).isEmpty();
        assertThat(found.inputs()).isEqualTo(2);
        assertThat(found.maxRelative()).isLessThanOrEqualTo(found.tolerance());
    }

    @Test
    void theWrongChannelsFail() {
        TestingPruning pruning = relu();
        Graph other = pruning.cut(first(pruning, 1, 2));
        assertThat(pruning.verify(first(pruning, 0, 2), other).outcome()).isEqualTo(Outcome.FAILED);
    }

    @Test
    void aConsumerCutElsewhereFails() {
        TestingPruning pruning = relu();
        Removal removal = first(pruning, 0);
        Tensor wrong = pruning.cut(first(pruning, 5)).constants().get("conv2.weight");
        Graph tampered = pruning.cut(removal).withConstants(Map.of("conv2.weight", wrong));
        Verification found = pruning.verify(removal, tampered);
        assertThat(found.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(found.reason()).startsWith("the pruned model differs from the masked original in '");
    }

    @Test
    void theUncutOriginalFails() {
        TestingPruning pruning = relu();
        assertThat(pruning.verify(first(pruning, 3), pruning.graph()).outcome()).isEqualTo(Outcome.FAILED);
    }

    @Test
    void aModelThatDoesNotLoadFails() {
        TestingPruning pruning = relu();
        Graph broken = pruning.cut(first(pruning, 0))
                .withConstants(
                        Map.of("conv2.weight", pruning.graph().constants().get("conv2.weight")));
        Verification found = pruning.verify(first(pruning, 0), broken);
        assertThat(found.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(found.reason()).isNotEmpty();
    }

    @Test
    void aSmallChangeOfOneWeightFails() {
        TestingPruning pruning = relu();
        Removal removal = first(pruning, 0);
        Graph cut = pruning.cut(removal);
        float[] values = Tensors.toFloats(cut.constants().get("conv2.weight"));
        values[0] += 0.01f;
        Tensor nudged = Tensors.floats(cut.constants().get("conv2.weight").shape(), values);
        assertThat(pruning.verify(removal, cut.withConstants(Map.of("conv2.weight", nudged)))
                        .outcome())
                .isEqualTo(Outcome.FAILED);
    }

    @Test
    void scoresAreNotHiddenByBoxes() {
        GraphBuilder builder = new GraphBuilder("boxes", 9);
        String x = builder.relu(builder.gemm("embed", builder.input("x", "batch", 7), 8));
        String boxes = builder.gemm("boxes", x, 4);
        String scores = builder.gemm("scores", x, 3);
        Graph built = builder.output(builder.concat(1, boxes, scores)).build();
        TestingPruning pruning = TestingPruning.of(built.withConstants(
                Map.of("boxes.weight", scaled(built.constants().get("boxes.weight"), 500))));
        Removal removal = first(pruning, 0);
        Graph cut = pruning.cut(removal);
        assertThat(pruning.verify(removal, cut).outcome()).isEqualTo(Outcome.PROVED);

        Tensor other = scaled(cut.constants().get("scores.weight"), 1.05);
        Verification found = pruning.verify(removal, cut.withConstants(Map.of("scores.weight", other)));

        assertThat(found.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(found.reason()).matches(".*differs from the masked original at position [456] of axis 1 of '.*'");
    }

    private static Tensor scaled(Tensor tensor, double factor) {
        float[] values = Tensors.toFloats(tensor);
        for (int i = 0; i < values.length; i++) {
            values[i] *= (float) factor;
        }
        return Tensors.floats(tensor.shape(), values);
    }

    // ---- nothing shown

    @Test
    void constantOutputsProveNothing() {
        TestingPruning pruning = with(relu(), "conv2.weight", zeros(3, 6, 1, 1));
        pruning = with(pruning, "conv2.bias", zeros(3));
        Verification found = pruning.prove(first(pruning, 0));
        assertThat(found.outcome()).isEqualTo(Outcome.NOT_PROVED);
        assertThat(found.reason()).contains("constant");
    }

    @Test
    void weightsThatAreNotNumbersProveNothing() {
        double[] values = new double[3];
        Arrays.fill(values, Double.NaN);
        TestingPruning pruning = with(relu(), "conv2.bias", Tensors.fromDoubles(DataType.FLOAT32, List.of(3L), values));
        Verification found = pruning.prove(first(pruning, 0));
        assertThat(found.outcome()).isEqualTo(Outcome.NOT_PROVED);
        assertThat(found.reason()).contains("not finite");
    }

    @Test
    void aRemovedChannelThatIsNotANumberIsNotProved() {
        TestingPruning pruning = relu();
        float[] bias = {Float.NaN, 0, 0, 0, 0, 0};
        TestingPruning broken = with(pruning, "conv1.bias", Tensors.floats(List.of(6L), bias));
        assertThat(broken.prove(first(broken, 0)).outcome()).isNotEqualTo(Outcome.PROVED);
    }

    @Test
    void deadChannelsAreProvedWithOtherWeights() {
        float[] bias = {-1000, 0, 0, 0, 0, 0};
        TestingPruning pruning = with(relu(), "conv1.bias", Tensors.floats(List.of(6L), bias));
        assertThat(pruning.prove(first(pruning, 0)).outcome()).isEqualTo(Outcome.PROVED);
    }

    @Test
    void channelsNobodyReadsAreProvedAgainstTheOriginalItself() {
        TestingPruning pruning = image((graph, x) -> graph.gather(x, 1, 0, 1, 2));
        Group unread = pruning.groups().get(1);
        assertThat(pruning.prove(pruning.removal(unread, 0)).outcome()).isEqualTo(Outcome.PROVED);
    }

    @Test
    void whereTheOutputIsConstantNothingIsSeenThoughNobodyReadsTheChannels() {
        TestingPruning pruning = image((graph, x) -> graph.gather(x, 1, 0, 1, 2));
        Group unread = pruning.groups().get(1);
        double[] zeros = new double[3];
        TestingPruning silent = with(
                with(pruning, "conv2.bias", Tensors.fromDoubles(DataType.FLOAT32, List.of(3L), zeros)),
                "conv2.weight",
                zeros("conv2.weight", pruning));
        Verification found = silent.prove(silent.removal(unread, 0));
        assertThat(found.outcome()).isEqualTo(Outcome.NOT_PROVED);
        assertThat(found.reason()).contains("constant");
    }

    private static Tensor zeros(String constant, TestingPruning pruning) {
        List<Long> shape = pruning.graph().constants().get(constant).shape();
        int size = shape.stream().mapToInt(Long::intValue).reduce(1, (a, b) -> a * b);
        return Tensors.fromDoubles(DataType.FLOAT32, shape, new double[size]);
    }

    // ---- tolerance

    @Test
    void halfPrecisionHasAToleranceOfItsOwn() {
        TestingPruning pruning = image((graph, x) -> {
            String half = graph.follow(
                    graph.node("Cast", List.of(x), "to", 10), graph.shape(x).toArray());
            Tensor scale = Tensors.fromDoubles(DataType.FLOAT16, List.of(6L, 1L, 1L), 1, 2, 3, 4, 5, 6);
            String scaled = graph.mul(half, graph.constant("scale", scale));
            return graph.follow(
                    graph.node("Cast", List.of(scaled), "to", 1), graph.shape(x).toArray());
        });
        assertThat(pruning.prove(first(pruning, 0)).tolerance()).isEqualTo(2e-2);
        assertThat(relu().prove(first(relu(), 0)).tolerance()).isBetween(1e-4, 1e-2);
    }

    // ---- statistics and activations

    private static void isProvedWithStatistic(TestingPruning pruning, String operator) {
        assertThat(pruning.coupling().statistics())
                .extracting(StatisticCoupling::operator)
                .contains(operator);
        for (long seed = 1; seed <= 3; seed++) {
            Removal removal = pruning.randomRemoval(seed);
            assertThat(pruning.prove(removal).outcome()).isEqualTo(Outcome.PROVED);
        }
    }

    @Test
    void layerNormalisationSeesOnlyWhatStays() {
        isProvedWithStatistic(tokens((graph, x) -> graph.layerNorm("norm", x)), "LayerNormalization");
        isProvedWithStatistic(tokens((graph, x) -> graph.layerNormDecomposed("norm", x)), "ReduceMean");
    }

    @Test
    void groupNormalisationSeesOnlyWhatStays() {
        isProvedWithStatistic(
                image((graph, x) -> graph.follow(
                        graph.node(
                                "GroupNormalization",
                                List.of(x, graph.uniform("scale", 0.5, 1.5, 6), graph.normal("shift", 1, 6)),
                                "num_groups",
                                2),
                        graph.shape(x).toArray())),
                "GroupNormalization");
    }

    @Test
    void meansOverChannelsSeeOnlyWhatStays() {
        isProvedWithStatistic(image((graph, x) -> graph.mul(x, graph.mean(x, true, 1))), "ReduceMean");
    }

    @Test
    void aMeanOverAllChannelsIsNotTheMeanOfThoseThatStay() {
        TestingPruning pruning = image((graph, x) -> graph.mul(x, graph.mean(graph.relu(x), true, 1)));
        Removal removal = first(pruning, 0, 1, 2);
        Graph widened = pruning.cut(removal);
        Tensor half = Tensors.fromDoubles(DataType.FLOAT32, List.of(6L, 2L, 3L, 3L), doubled(pruning));
        Graph wrong = TestingPruning.of(pruning.graph().withConstants(Map.of("conv1.weight", half)))
                .cut(removal);
        assertThat(pruning.verify(removal, widened).outcome()).isEqualTo(Outcome.PROVED);
        assertThat(pruning.verify(removal, wrong).outcome()).isEqualTo(Outcome.FAILED);
    }

    private static double[] doubled(TestingPruning pruning) {
        return Arrays.stream(Tensors.toDoubles(pruning.graph().constants().get("conv1.weight")))
                .map(value -> 1.1 * value)
                .toArray();
    }

    @Test
    void productsOfActivationsAreMasked() {
        TestingPruning pruning = tokens((graph, x) -> {
            String scores = graph.matMul(graph.linear("q", x, 6), graph.transpose(graph.linear("k", x, 6), 0, 2, 1));
            return graph.matMul(graph.softmax(scores, -1), graph.linear("v", x, 5));
        });
        Group keys = pruning.groups().get(1);
        assertThat(keys.labelledAxes())
                .extracting(labelledAxis -> labelledAxis.use().constant())
                .contains("q.weight", "k.weight");
        Removal removal = pruning.removal(keys, 1, 4);
        assertThat(pruning.prove(removal).outcome()).isEqualTo(Outcome.PROVED);
        assertThat(pruning.verify(removal, pruning.cut(pruning.removal(keys, 1, 3)))
                        .outcome())
                .isEqualTo(Outcome.FAILED);
    }

    /** As in a detector whose weights are random: the output is empty, before and after. */
    @Test
    void whatNoThresholdLetsPassIsSeenAllTheSame() {
        TestingPruning pruning = image((graph, x) -> {
            String boxes = graph.conv("boxes", x, 4, Window.same(1));
            String scores = graph.unary("Sigmoid", graph.conv("scores", x, 1, Window.same(1)));
            String flat = graph.reshape(graph.transpose(boxes, 0, 2, 3, 1), -1, 4);
            String chosen = graph.binary("Greater", graph.reshape(scores, -1), graph.scalar(2));
            String places = graph.reshape(graph.unary("NonZero", chosen), -1);
            graph.output(graph.binary("Gather", flat, places));
            return x;
        });
        Graph graph = pruning.graph();
        TestingPruning detector = TestingPruning.of(new Graph(
                graph.name(),
                graph.inputs(),
                graph.outputs().subList(0, 1),
                graph.nodes(),
                graph.constants(),
                graph.declared()));
        Removal removal = first(detector, 0, 2);
        assertThat(detector.prove(removal).outcome()).isEqualTo(Outcome.PROVED);
        Tensor wrong = detector.cut(first(detector, 1, 2)).constants().get("boxes.weight");
        Graph tampered = detector.cut(removal).withConstants(Map.of("boxes.weight", wrong));
        assertThat(detector.verify(removal, tampered).outcome()).isEqualTo(Outcome.FAILED);
    }

    private static Tensor zeros(long... shape) {
        int size = (int) Arrays.stream(shape).reduce(1, Math::multiplyExact);
        return Tensors.floats(Tensors.shape(shape), new float[size]);
    }
}
