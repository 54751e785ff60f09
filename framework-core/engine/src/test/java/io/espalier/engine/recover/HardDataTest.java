package io.espalier.engine.recover;

import static io.espalier.engine.recover.TestingRefits.data;
import static io.espalier.engine.recover.TestingRefits.refit;
import static io.espalier.engine.recover.TestingRefits.solver;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.adapter.onnx.OnnxExecutor;
import io.espalier.plugin.obs.ObsCompensator;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.GraphEdits;
import io.espalier.spi.compensator.WeightSolver;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Inputs that leave a least-squares fit undetermined, or hardly determined: no layer becomes worse. */
final class HardDataTest {

    private static final int EXAMPLES = 32;

    private static Stream<LinearCase> cases() {
        List<String> some = List.of("convolution", "grouped", "depthwise", "transposed", "gemm", "matrix product");
        return LinearCase.all().filter(each -> some.contains(each.toString()));
    }

    /** Changes an element, which is of a position along the channels of its example. */
    private interface Kind {
        float of(float value, int channel, float first);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void deadInputs(LinearCase each) {
        check(each, (value, channel, first) -> channel % 2 == 0 ? 0 : value);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void allInputsDead(LinearCase each) {
        check(each, (value, channel, first) -> 0);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void constantInputs(LinearCase each) {
        check(each, (value, channel, first) -> channel % 2 == 0 ? 7 : value);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void collinearInputs(LinearCase each) {
        check(each, (value, channel, first) -> (1 + channel) * first);
    }

    /** From a millionth to a million. */
    @ParameterizedTest
    @MethodSource("cases")
    void illConditionedInputs(LinearCase each) {
        check(each, (value, channel, first) -> (float) (first * Math.pow(10, channel * 4 - 6) + value * 1e-6));
    }

    /** One image, given twice: one copy is fitted, the other held back. */
    @ParameterizedTest
    @MethodSource("cases")
    void oneImage(LinearCase each) {
        TestingRefits.InMemory one = data(each.input(), 1, 1);
        Tensor image = one.arrays().get("x");
        float[] twice = new float[2 * (int) image.size()];
        System.arraycopy(Tensors.toFloats(image), 0, twice, 0, twice.length / 2);
        System.arraycopy(Tensors.toFloats(image), 0, twice, twice.length / 2, twice.length / 2);
        long[] shape = image.shape().stream().mapToLong(Long::longValue).toArray();
        shape[0] = 2;
        Tensor both = Tensors.floats(Arrays.stream(shape).boxed().toList(), twice);
        check(each, new TestingRefits.InMemory(2, Map.of("x", both)));
    }

    private static void check(LinearCase each, Kind kind) {
        for (long seed = 1; seed <= 2; seed++) {
            Tensor plain = data(each.input(), EXAMPLES, seed).arrays().get("x");
            float[] x = Tensors.toFloats(plain);
            int example = x.length / EXAMPLES;
            int channel = example / (int) each.input()[0];
            for (int i = 0; i < x.length; i++) {
                int first = i / example * example + i % channel;
                x[i] = kind.of(x[i], i % example / channel, x[first]);
            }
            check(each, new TestingRefits.InMemory(EXAMPLES, Map.of("x", Tensors.floats(plain.shape(), x))));
        }
    }

    /** Neither by the fit's own account nor on the examples that it held back does a layer become worse. */
    private static void check(LinearCase each, TestingRefits.InMemory data) {
        Graph original = each.graph(1);
        Graph cut = original.withConstants(each.constants(101));
        WeightSolver solver = ObsCompensator.solver(0);
        SequentialRefit refit = refit(original, cut, data);

        List<Edit> edits = refit.edits(solver);

        assertThat(refit.fitted())
                .isNotEmpty()
                .allSatisfy(fitted ->
                        assertThat(fitted.after()).as(each + " " + fitted).isLessThanOrEqualTo(fitted.before()));
        double before = error(original, cut, data);
        double after = error(original, GraphEdits.apply(cut, edits), data);
        assertThat(after).as(each + ", " + refit.fitted()).isLessThanOrEqualTo(before * (1 + 1e-5));
    }

    /** The squared difference on the examples that are held back: those of the last of eight batches. */
    private static double error(Graph original, Graph graph, TestingRefits.InMemory data) {
        double[] target = outputs(original, data);
        double[] found = outputs(graph, data);
        int from = target.length - target.length / (int) Math.min(8, data.size());
        double error = 0;
        for (int i = from; i < target.length; i++) {
            error += (target[i] - found[i]) * (target[i] - found[i]);
        }
        return error;
    }

    private static double[] outputs(Graph graph, TestingRefits.InMemory data) {
        try (Runner runner = new OnnxExecutor().prepare(graph, Settings.PLAIN)) {
            return Tensors.toDoubles(runner.run(data.arrays()).get("y"));
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
    void notANumberInTheDataIsRefused(float none) {
        LinearCase each = cases().findFirst().orElseThrow();
        Graph graph = each.graph(1);
        Tensor plain = data(each.input(), EXAMPLES, 1).arrays().get("x");
        float[] x = Tensors.toFloats(plain);
        x[3 * x.length / EXAMPLES] = none;
        TestingRefits.InMemory data =
                new TestingRefits.InMemory(EXAMPLES, Map.of("x", Tensors.floats(plain.shape(), x)));

        assertThatThrownBy(() -> refit(graph, graph, data))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("row 3");
    }

    /** Logarithms of zero and of negative numbers, in one example of those to fit or of those held back. */
    @ParameterizedTest
    @MethodSource("cases")
    void notANumberInsideTheNetwork(LinearCase each) {
        for (float cause : new float[] {0, -1}) {
            for (int example : new int[] {0, EXAMPLES - 1}) {
                Tensor plain = data(each.input(), EXAMPLES, 1).arrays().get("x");
                float[] x = Tensors.toFloats(plain);
                for (int i = 0; i < x.length; i++) {
                    x[i] = Math.abs(x[i]) + 1;
                }
                x[example * x.length / EXAMPLES + x.length / EXAMPLES / 2] = cause;
                Graph plainGraph = each.graph(1);
                Node logarithm = Node.of("Log", List.of("x"), List.of("logarithm"), Map.of());
                Graph original = new Graph(
                        "logarithm",
                        plainGraph.inputs(),
                        plainGraph.outputs(),
                        List.of(
                                logarithm,
                                each.node().withInput(each.node().inputs().indexOf("x"), "logarithm")),
                        plainGraph.constants(),
                        Map.of());
                TestingRefits.InMemory data =
                        new TestingRefits.InMemory(EXAMPLES, Map.of("x", Tensors.floats(plain.shape(), x)));
                SequentialRefit refit = refit(original, original.withConstants(each.constants(101)), data);

                assertThat(refit.edits(solver(1e-3))).as(each.toString()).isEmpty();
                assertThat(refit.fitted())
                        .as(each.toString())
                        .hasSize(1)
                        .allMatch(fitted -> fitted.reason().equals("what it computes is not finite"));
            }
        }
    }
}
