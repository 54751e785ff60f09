package io.espalier.engine.recover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.adapter.onnx.OnnxExecutor;
import io.espalier.engine.loss.ChosenLoss;
import io.espalier.graph.operator.Operators;
import io.espalier.spi.compensator.Moments;
import io.espalier.spi.compensator.RefitSettings;
import io.espalier.spi.compensator.RefitSettings.Inputs;
import io.espalier.spi.data.BatchOptions;
import io.espalier.spi.data.Batches;
import io.espalier.spi.execution.GraphExecutor.Purpose;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.loss.Loss;
import io.espalier.spi.loss.LossContext;
import io.espalier.spi.option.Options;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.TestingRunContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Samples that count by the curvature of a loss, with the mean square of the output as loss: its gradient is the output. */
final class SampleWeightsTest {

    private static final int EXAMPLES = 64;
    /** Of eight batches of eight, the last is held back. */
    private static final int FITTED = 56;
    /** The axes of an output along which no samples lie. */
    private static final Map<String, Set<Integer>> OUTPUTS = Map.of(
            "convolution", Set.of(1),
            "strided and padded", Set.of(1),
            "grouped", Set.of(1),
            "transposed, grouped", Set.of(1),
            "gemm", Set.of(1),
            "matrix product", Set.of(2),
            "matrix product, constant at the left", Set.of(1),
            "a matrix for each head", Set.of(1, 3),
            "one matrix for all heads", Set.of(3),
            "sum of products", Set.of(2, 3));

    private record MeanSquare(double factor) implements Loss {

        @Override
        public String name() {
            return "mean-square";
        }

        @Override
        public String description() {
            return "The squares of the first output times a factor.";
        }

        @Override
        public String of(LossContext context) {
            String output = context.outputs().get(0);
            return context.apply("Mul", context.apply("Mul", output, output), context.scalar(factor));
        }
    }

    static List<LinearCase> cases() {
        List<LinearCase> cases = LinearCase.all()
                .filter(each -> OUTPUTS.containsKey(each.name()))
                .toList();
        assertThat(cases).hasSameSizeAs(OUTPUTS.keySet());
        return cases;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void samplesCountByTheirSquaredGradients(LinearCase each) {
        for (double share : new double[] {0.25, 1}) {
            Graph graph = each.graph(7);
            TestingRefits.InMemory data = TestingRefits.data(each.input(), EXAMPLES, 3);
            List<Double> squares = squares(each, output(graph, data));
            double mean =
                    squares.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
            double samples = 0;
            double targets = 0;
            for (double square : squares.subList(0, squares.size() / EXAMPLES * FITTED)) {
                double weight = 1 - share + share * square / mean;
                samples += weight;
                targets += weight * square;
            }

            Moments moments = moments(graph, data, share, 1, 2);

            assertThat(moments.samples()).as(each + " " + share).isCloseTo(samples, within(1e-4 * samples));
            assertThat(Arrays.stream(moments.targetSquares()).sum())
                    .as(each + " " + share)
                    .isCloseTo(targets, within(1e-4 * targets));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void theProductsOfInputsAreWeighted(int threads) {
        LinearCase gemm = cases().stream()
                .filter(each -> each.name().equals("gemm"))
                .findFirst()
                .orElseThrow();
        Graph graph = gemm.graph(5);
        TestingRefits.InMemory data = TestingRefits.data(gemm.input(), EXAMPLES, 4);
        List<Double> squares = squares(gemm, output(graph, data));
        double mean =
                squares.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
        double[] x = Tensors.toDoubles(data.arrays().get("x"));
        int inputs = (int) gemm.input()[0];
        double[] gram = new double[inputs * inputs];
        double[] sums = new double[inputs];
        for (int row = 0; row < FITTED; row++) {
            double weight = 0.5 + 0.5 * squares.get(row) / mean;
            for (int i = 0; i < inputs; i++) {
                sums[i] += weight * x[row * inputs + i];
                for (int j = 0; j < inputs; j++) {
                    gram[i * inputs + j] += weight * x[row * inputs + i] * x[row * inputs + j];
                }
            }
        }

        Moments moments = moments(graph, data, 0.5, 1, threads);

        assertThat(moments.gram()).containsExactly(gram, within(1e-3));
        assertThat(moments.inputSums()).containsExactly(sums, within(1e-3));
    }

    /** A loss without gradients says nothing about samples. */
    @ParameterizedTest
    @MethodSource("cases")
    void withoutGradientsAllSamplesCountAlike(LinearCase each) {
        Graph graph = each.graph(7);
        TestingRefits.InMemory data = TestingRefits.data(each.input(), EXAMPLES, 3);

        assertThat(moments(graph, data, 1, 0, 2).gram())
                .containsExactly(moments(graph, data, 0, 1, 2).gram());
    }

    private static Moments moments(Graph graph, TestingRefits.InMemory data, double share, double factor, int threads) {
        TestingRunContext run = new TestingRunContext(1);
        Batches batches = Batches.of(graph, data, BatchOptions.of(8), run);
        RefitSettings settings = new RefitSettings(0, Inputs.SEQUENTIAL, List.of(), false, share);
        ChosenLoss loss = new ChosenLoss(new MeanSquare(factor), Options.none());
        List<Moments> asked = new ArrayList<>();
        try (SequentialRefit refit = new SequentialRefit(
                graph,
                graph,
                new TestingRefits.All(graph),
                batches,
                Operators.standard(),
                new OnnxExecutor(),
                run,
                settings,
                Optional.of(loss),
                RefittedFile.NONE,
                threads)) {
            refit.edits(fit -> {
                asked.add(fit.moments());
                return List.of();
            });
        }
        assertThat(asked).hasSize(1);
        return asked.get(0);
    }

    private static Tensor output(Graph graph, TestingRefits.InMemory data) {
        try (Runner runner = new OnnxExecutor().prepare(graph, Settings.of(Purpose.EVALUATION))) {
            return runner.run(data.arrays()).get("y");
        }
    }

    /** The squares of the outputs of each sample, in order. */
    private static List<Double> squares(LinearCase each, Tensor output) {
        Set<Integer> outputs = OUTPUTS.get(each.name());
        List<Long> shape = output.shape();
        List<Double> squares = new ArrayList<>();
        Map<List<Long>, Integer> places = new HashMap<>();
        double[] values = Tensors.toDoubles(output);
        for (int element = 0; element < values.length; element++) {
            List<Long> sample = new ArrayList<>();
            long rest = element;
            for (int axis = shape.size() - 1; axis >= 0; axis--) {
                sample.add(0, outputs.contains(axis) ? 0 : rest % shape.get(axis));
                rest /= shape.get(axis);
            }
            int place = places.computeIfAbsent(sample, key -> {
                squares.add(0.0);
                return squares.size() - 1;
            });
            squares.set(place, squares.get(place) + values[element] * values[element]);
        }
        return squares;
    }
}
