package io.espalier.engine.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.adapter.onnx.OnnxExecutor;
import io.espalier.graph.gradient.Differentiation;
import io.espalier.graph.gradient.Gradients;
import io.espalier.graph.operator.Operators;
import io.espalier.plugin.losses.AbsoluteErrorLoss;
import io.espalier.plugin.losses.BinaryCrossEntropyLoss;
import io.espalier.plugin.losses.CrossEntropyLoss;
import io.espalier.plugin.losses.DistillationLoss;
import io.espalier.plugin.losses.HuberLoss;
import io.espalier.plugin.losses.MeanSquaredErrorLoss;
import io.espalier.plugin.losses.SumLoss;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.data.Batch;
import io.espalier.spi.data.BatchOptions;
import io.espalier.spi.data.Batches;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.loss.Loss;
import io.espalier.spi.option.Options;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.TestingRunContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Losses of a model that hands its input on: the loss and its gradient by the input against formulas in double. */
class LossGraphTest {

    private static final int ROWS = 3;
    private static final Operators OPERATORS = Operators.standard();

    private record InMemory(long size, Map<String, Tensor> arrays) implements Dataset {}

    /** A loss of scores and labels, in double. */
    interface Formula {
        double of(double[] scores, double[] labels);
    }

    private static Graph model(long... shape) {
        return model(OptionalBatch.OPEN, shape);
    }

    private enum OptionalBatch {
        OPEN,
        FOUR
    }

    private static Graph model(OptionalBatch batch, long... shape) {
        List<Dimension> dimensions = new ArrayList<>();
        dimensions.add(batch == OptionalBatch.OPEN ? new Dimension.Symbol("n") : new Dimension.Fixed(4));
        for (long extent : shape) {
            dimensions.add(new Dimension.Fixed(extent));
        }
        return new Graph(
                "model",
                Map.of("x", new ValueType(DataType.FLOAT32, Optional.of(dimensions))),
                List.of("y"),
                List.of(Node.of("Identity", List.of("x"), List.of("y"), Map.of())),
                Map.of(),
                Map.of());
    }

    private static Tensor random(Random random, long... shape) {
        List<Long> extents = Tensors.shape(shape);
        int size = (int) extents.stream().mapToLong(each -> each).reduce(1, (a, b) -> a * b);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Tensors.floats(extents, values);
    }

    private static Batch batch(Graph graph, Map<String, Tensor> arrays) {
        long size = arrays.get("x").shape().get(0);
        return Batches.of(graph, new InMemory(size, arrays), BatchOptions.of((int) size), new TestingRunContext(0))
                .get(0);
    }

    private static ChosenLoss chosen(Loss loss, Map<String, String> options) {
        return new ChosenLoss(loss, Options.resolve("loss", loss.options(), options));
    }

    private static Map<String, Tensor> run(Graph graph, Batch batch, ChosenLoss chosen) {
        LossGraph loss = LossGraph.of(graph, OPERATORS, batch, chosen);
        Gradients gradients = Differentiation.of(loss.graph(), OPERATORS, loss.loss(), List.of("x"));
        String gradient = gradients.byValue().get("x");
        try (Runner runner =
                new OnnxExecutor().prepare(gradients.returning(List.of(loss.loss(), gradient)), Settings.DEFAULT)) {
            Map<String, Tensor> fed = new LinkedHashMap<>(loss.inputs(batch));
            fed.keySet().retainAll(runner.inputs());
            Map<String, Tensor> results = runner.run(fed);
            return Map.of("loss", results.get(loss.loss()), "gradient", results.get(gradient));
        }
    }

    static void check(Loss loss, Map<String, String> options, Tensor x, Tensor labels, Formula formula) {
        check(loss, options, x, Map.of("t", labels), formula);
    }

    /** Compares with a formula of the scores and the array "t". */
    static void check(Loss loss, Map<String, String> options, Tensor x, Map<String, Tensor> others, Formula formula) {
        long[] shape = x.shape().stream().skip(1).mapToLong(each -> each).toArray();
        Graph graph = model(shape);
        Map<String, Tensor> arrays = new LinkedHashMap<>(Map.of("x", x));
        arrays.putAll(others);
        Map<String, Tensor> results = run(graph, batch(graph, arrays), chosen(loss, options));
        double[] scores = Tensors.toDoubles(x);
        double[] truth = Tensors.toDoubles(others.get("t"));
        assertThat(Tensors.toDoubles(results.get("loss"))[0])
                .as(loss.name())
                .isCloseTo(formula.of(scores, truth), within(1e-5));
        double[] gradient = Tensors.toDoubles(results.get("gradient"));
        for (int i = 0; i < scores.length; i++) {
            double[] up = scores.clone();
            up[i] += 1e-4;
            double[] down = scores.clone();
            down[i] -= 1e-4;
            assertThat(gradient[i])
                    .as("%s, element %d", loss.name(), i)
                    .isCloseTo((formula.of(up, truth) - formula.of(down, truth)) / 2e-4, within(1e-5));
        }
    }

    private static double mean(double[] scores, double[] labels, DoubleUnaryOperator of) {
        return IntStream.range(0, scores.length)
                .mapToDouble(i -> of.applyAsDouble(scores[i] - labels[i]))
                .average()
                .orElseThrow();
    }

    @Test
    void differencesAreAveragedOverAllElements() {
        Random random = new Random(1);
        Tensor x = random(random, ROWS, 4, 2);
        Tensor t = random(random, ROWS, 4, 2);
        check(new MeanSquaredErrorLoss(), Map.of(), x, t, (s, l) -> mean(s, l, d -> d * d));
        check(new AbsoluteErrorLoss(), Map.of(), x, t, (s, l) -> mean(s, l, Math::abs));
        check(
                new HuberLoss(),
                Map.of("delta", "0.7"),
                x,
                t,
                (s, l) -> mean(s, l, d -> Math.abs(d) <= 0.7 ? d * d / 2 : 0.7 * (Math.abs(d) - 0.35)));
    }

    @Test
    void binaryLabelsAreCompared() {
        Random random = new Random(2);
        Tensor x = random(random, ROWS, 5);
        Tensor t = Tensors.floats(Tensors.shape(ROWS, 5), 0, 1, 1, 0, 0.25f, 1, 1, 0, 0, 1, 0.5f, 0, 0, 1, 1);
        check(
                new BinaryCrossEntropyLoss(),
                Map.of(),
                x,
                t,
                (s, l) -> IntStream.range(0, s.length)
                        .mapToDouble(i -> {
                            double share = 1 / (1 + Math.exp(-s[i]));
                            return -l[i] * Math.log(share) - (1 - l[i]) * Math.log(1 - share);
                        })
                        .average()
                        .orElseThrow());
    }

    /** log softmax at a position of scores whose classes are some elements apart. */
    private static double logShare(double[] scores, int first, int stride, int classes, int wanted, double divisor) {
        double sum = 0;
        for (int c = 0; c < classes; c++) {
            sum += Math.exp(scores[first + c * stride] / divisor);
        }
        return scores[first + wanted * stride] / divisor - Math.log(sum);
    }

    @Test
    void classesSharesAndSmoothingAreCompared() {
        Random random = new Random(3);
        Tensor x = random(random, ROWS, 4);
        check(new CrossEntropyLoss(), Map.of("smoothing", "0.2"), x, Tensors.vector(3, 0, 2), (s, l) -> {
            double sum = 0;
            for (int row = 0; row < ROWS; row++) {
                for (int c = 0; c < 4; c++) {
                    sum -= (0.05 + (l[row] == c ? 0.8 : 0)) * logShare(s, row * 4, 1, 4, c, 1);
                }
            }
            return sum / ROWS;
        });
        check(new CrossEntropyLoss(), Map.of("temperature", "5"), x, Tensors.vector(1, 3, 0), (s, l) -> {
            double sum = 0;
            for (int row = 0; row < ROWS; row++) {
                sum -= logShare(s, row * 4, 1, 4, (int) l[row], 5);
            }
            return sum / ROWS;
        });
        Tensor shares = Tensors.floats(Tensors.shape(ROWS, 4), 0.1f, 0.2f, 0.3f, 0.4f, 1, 0, 0, 0, 0.5f, 0.5f, 0, 0);
        check(new CrossEntropyLoss(), Map.of(), x, shares, (s, l) -> {
            double sum = 0;
            for (int i = 0; i < s.length; i++) {
                sum -= l[i] * logShare(s, i / 4 * 4, 1, 4, i % 4, 1);
            }
            return sum / ROWS;
        });
    }

    /** Positions besides the examples are averaged over, whether the classes lie on the last axis or on axis 1. */
    @Test
    void positionsAreAveragedOver() {
        Random random = new Random(4);
        Tensor tokens = Tensors.longs(Tensors.shape(ROWS, 2), 0, 3, 2, 2, 1, 0);
        check(
                new CrossEntropyLoss(),
                Map.of(),
                random(random, ROWS, 2, 4),
                tokens,
                (s, l) -> IntStream.range(0, 6)
                        .mapToDouble(i -> -logShare(s, i * 4, 1, 4, (int) l[i], 1))
                        .average()
                        .orElseThrow());
        Tensor pixels = Tensors.longs(Tensors.shape(ROWS, 1, 2), 0, 3, 2, 2, 1, 0);
        check(
                new CrossEntropyLoss(),
                Map.of(),
                random(random, ROWS, 4, 1, 2),
                pixels,
                (s, l) -> IntStream.range(0, 6)
                        .mapToDouble(i -> -logShare(s, i / 2 * 8 + i % 2, 2, 4, (int) l[i], 1))
                        .average()
                        .orElseThrow());
    }

    /** Labels below 0 are no classes counted from the end; the mean of an example is over its other positions, smoothed or not. */
    @Test
    void ignoredPositionsCountNothing() {
        Tensor tokens = Tensors.longs(Tensors.shape(ROWS, 3), 0, 3, -100, -1, 1, -4, -100, -100, -100);
        for (double smoothing : new double[] {0, 0.2}) {
            check(
                    new CrossEntropyLoss(),
                    Map.of("smoothing", Double.toString(smoothing)),
                    random(new Random(9), ROWS, 3, 4),
                    tokens,
                    (s, l) -> (token(s, 0, l, smoothing) + token(s, 1, l, smoothing)) / 2 / ROWS
                            + token(s, 4, l, smoothing) / ROWS);
        }
    }

    private static double token(double[] scores, int token, double[] labels, double smoothing) {
        double sum = 0;
        for (int c = 0; c < 4; c++) {
            double share = smoothing / 4 + (labels[token] == c ? 1 - smoothing : 0);
            sum -= share * logShare(scores, token * 4, 1, 4, c, 1);
        }
        return sum;
    }

    @Test
    void aTeacherIsFollowed() {
        Random random = new Random(5);
        Tensor x = random(random, ROWS, 4);
        check(new DistillationLoss(), Map.of("temperature", "3"), x, random(random, ROWS, 4), (s, l) -> {
            double sum = 0;
            for (int i = 0; i < s.length; i++) {
                double teacher = logShare(l, i / 4 * 4, 1, 4, i % 4, 3);
                sum += 9 * Math.exp(teacher) * (teacher - logShare(s, i / 4 * 4, 1, 4, i % 4, 3));
            }
            return sum / ROWS;
        });
    }

    @Test
    void outputsAreSummed() {
        Tensor x = random(new Random(6), ROWS, 4, 2);
        check(
                new SumLoss(),
                Map.of(),
                x,
                Tensors.vector(0, 0, 0),
                (s, l) -> IntStream.range(0, s.length)
                        .mapToDouble(i -> s[i] / ROWS)
                        .sum());
    }

    /** Rows that only fill a batch up count nothing. */
    @Test
    void aBatchIsFilledUpWithoutEffect() {
        Tensor x = random(new Random(7), ROWS, 5);
        Tensor labels = Tensors.vector(1, 4, 0);
        Graph open = model(5);
        Graph fixed = model(OptionalBatch.FOUR, 5);
        ChosenLoss loss = chosen(new CrossEntropyLoss(), Map.of());
        Batch three = batch(open, Map.of("x", x, "t", labels));
        Batch filled = Batches.of(
                        fixed,
                        new InMemory(ROWS, Map.of("x", x, "t", labels)),
                        BatchOptions.of(4),
                        new TestingRunContext(0))
                .get(0);
        assertThat(Tensors.toDoubles(run(fixed, filled, loss).get("loss")))
                .containsExactly(Tensors.toDoubles(run(open, three, loss).get("loss")), within(1e-6));
    }

    @Test
    void aLossThatDoesNotFitIsRefusedInOneSentence() {
        Graph graph = model(5);
        Batch unlabelled = batch(graph, Map.of("x", random(new Random(8), ROWS, 5)));
        assertThatThrownBy(() -> run(graph, unlabelled, chosen(new MeanSquaredErrorLoss(), Map.of())))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'y'")
                .hasMessageContaining("no labels of the same shape");
        assertThatThrownBy(() -> run(graph, unlabelled, chosen(new SumLoss(), Map.of("output", "z"))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("nothing that is called 'z'");
        assertThatThrownBy(() -> run(graph, unlabelled, chosen(new CrossEntropyLoss(), Map.of("labels", "t"))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("no labels that are called 't'");
    }
}
