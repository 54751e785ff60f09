package io.espalier.engine.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.adapter.onnx.OnnxExecutor;
import io.espalier.engine.TestingAnalysis;
import io.espalier.engine.loss.ChosenLoss;
import io.espalier.graph.cost.TrainableConstants;
import io.espalier.plugin.losses.CrossEntropyLoss;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.criterion.Evidence;
import io.espalier.spi.criterion.ParameterRole;
import io.espalier.spi.criterion.SliceFisher;
import io.espalier.spi.criterion.SliceGradients;
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
import io.espalier.testkit.TestingParameterAxis;
import io.espalier.testkit.TestingRunContext;
import io.espalier.testkit.model.ClassicNetworks;
import io.espalier.testkit.model.MobileNetworks;
import io.espalier.testkit.model.RandomInputs;
import io.espalier.testkit.model.Scale;
import io.espalier.testkit.model.VisionTransformers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GradientEvidenceTest {

    private static final ChosenLoss LOSS = chosen(new CrossEntropyLoss());

    private static ChosenLoss chosen(Loss loss) {
        return new ChosenLoss(loss, Options.resolve("loss", loss.options(), Map.of()));
    }

    static Stream<Graph> networks() {
        return Stream.of(
                MobileNetworks.mobilenetV2(1, Scale.SMALL),
                ClassicNetworks.densenetSmall(2),
                VisionTransformers.vit(3, VisionTransformers.Size.SMALL, VisionTransformers.Unpack.values()[0]));
    }

    private record InMemory(long size, Map<String, Tensor> arrays) implements Dataset {}

    private static Map<Evidence<?>, Object> evidence(Graph graph, Map<String, Tensor> inputs, long examples) {
        return evidence(graph, inputs, examples, Evidence.LOSS_GRADIENTS, Evidence.SLICE_GRADIENTS);
    }

    private static Map<Evidence<?>, Object> evidence(
            Graph graph, Map<String, Tensor> inputs, long examples, Evidence<?>... kinds) {
        return evidence(1, graph, inputs, examples, kinds);
    }

    private static Map<Evidence<?>, Object> evidence(
            int threads, Graph graph, Map<String, Tensor> inputs, long examples, Evidence<?>... kinds) {
        TestingAnalysis network = TestingAnalysis.of(graph);
        TestingRunContext run = new TestingRunContext(1);
        Batches data = Batches.of(graph, new InMemory(examples, inputs), BatchOptions.of(2), run);
        return new EvidenceCollector(
                        graph,
                        network.coupling(),
                        Optional.of(data),
                        Map.of(),
                        Optional.of(LOSS),
                        new OnnxExecutor(),
                        run,
                        threads)
                .collect(Set.of(kinds));
    }

    /** Without labels, the loss is the cross-entropy with the class that the network predicts. */
    @ParameterizedTest
    @MethodSource("networks")
    @SuppressWarnings("unchecked")
    void gradientsSayHowTheLossChanges(Graph graph) {
        Map<String, Tensor> inputs = RandomInputs.FIRST.of(graph, 5);
        Map<String, Tensor> gradients =
                (Map<String, Tensor>) evidence(graph, inputs, 2).get(Evidence.LOSS_GRADIENTS);
        assertThat(gradients.keySet())
                .containsExactlyInAnyOrderElementsOf(TrainableConstants.real(
                        graph, TestingAnalysis.of(graph).coupling().operators()));
        int[] classes = predicted(outputs(graph, inputs));
        Random random = new Random(3);
        for (String name : List.copyOf(gradients.keySet()).subList(0, 3)) {
            double[] gradient = Tensors.toDoubles(gradients.get(name));
            double[] direction = random.doubles(gradient.length, -1, 1).toArray();
            double actual = 0;
            double squares = 0;
            for (int i = 0; i < gradient.length; i++) {
                actual += gradient[i] * direction[i];
                squares += Math.pow(gradient[i] * direction[i], 2);
            }
            double sum = actual;
            double size = Math.sqrt(squares);
            double distance = DoubleStream.of(1e-2, 2e-3, 2e-4)
                    .map(step -> (loss(graph, inputs, classes, name, direction, step)
                                    - loss(graph, inputs, classes, name, direction, -step))
                            / (2 * step))
                    .map(difference -> Math.abs(difference - sum))
                    .min()
                    .orElseThrow();
            assertThat(distance)
                    .as("%s: %s, of the size %s", name, sum, size)
                    .isLessThan(5e-2 * Math.max(Math.max(size, Math.abs(sum)), 5e-3));
        }
    }

    @ParameterizedTest
    @MethodSource("networks")
    @SuppressWarnings("unchecked")
    void gradientsDoNotDependOnTheNumberOfThreads(Graph graph) {
        int examples = 70;
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        RandomInputs.FIRST.of(graph, 5).forEach((name, tensor) -> inputs.put(name, repeated(tensor, examples)));
        Evidence<?>[] kinds = {Evidence.LOSS_GRADIENTS, Evidence.SQUARED_GRADIENTS};
        Map<Evidence<?>, Object> one = evidence(1, graph, inputs, examples, kinds);
        Map<Evidence<?>, Object> several = evidence(3, graph, inputs, examples, kinds);
        for (Evidence<?> kind : kinds) {
            Map<String, Tensor> other = (Map<String, Tensor>) several.get(kind);
            ((Map<String, Tensor>) one.get(kind))
                    .forEach((name, values) -> assertThat(Tensors.toDoubles(other.get(name)))
                            .as(name)
                            .containsExactly(Tensors.toDoubles(values)));
        }
    }

    /** Rows again and again, each time a little larger. */
    private static Tensor repeated(Tensor rows, int count) {
        double[] values = Tensors.toDoubles(rows);
        List<Long> shape = new ArrayList<>(rows.shape());
        int row = values.length / Math.toIntExact(shape.set(0, (long) count));
        double[] all = new double[row * count];
        Arrays.setAll(all, i -> values[i % values.length] * (1 + i / row / 100.0));
        return Tensors.fromDoubles(rows.type(), shape, all);
    }

    /** Every axis of a parameter divides the same sum, and the sums are those of the gradients where there is one batch. */
    @ParameterizedTest
    @MethodSource("networks")
    @SuppressWarnings("unchecked")
    void slicesDivideTheSumOfWeightTimesGradient(Graph graph) {
        Map<Evidence<?>, Object> evidence = evidence(graph, RandomInputs.FIRST.of(graph, 6), 2);
        SliceGradients slices = (SliceGradients) evidence.get(Evidence.SLICE_GRADIENTS);
        ((Map<String, Tensor>) evidence.get(Evidence.LOSS_GRADIENTS)).forEach((name, gradient) -> {
            Tensor weight = graph.constants().get(name);
            double[] gradients = Tensors.toDoubles(gradient);
            double[] total = new double[2];
            Tensors.forEach(weight, (i, value) -> {
                total[0] += value * gradients[(int) i];
                total[1] += Math.abs(value * gradients[(int) i]);
            });
            for (int axis = 0; axis < weight.shape().size(); axis++) {
                List<double[]> batches =
                        slices.of(new TestingParameterAxis(name, axis, ParameterRole.PRODUCER, weight));
                assertThat(batches).hasSize(1);
                double sum = 0;
                for (double part : batches.get(0)) {
                    sum += part;
                }
                assertThat(sum).as("%s, axis %d", name, axis).isCloseTo(total[0], within(1e-9 + 1e-9 * total[1]));
            }
        });
    }

    private static double loss(
            Graph graph, Map<String, Tensor> inputs, int[] classes, String name, double[] direction, double step) {
        Tensor weight = graph.constants().get(name);
        double[] moved = Tensors.toDoubles(weight);
        for (int i = 0; i < moved.length; i++) {
            moved[i] += step * direction[i];
        }
        Graph changed = graph.withConstants(Map.of(name, Tensors.fromDoubles(weight.type(), weight.shape(), moved)));
        Tensor output = outputs(changed, inputs);
        double[] scores = Tensors.toDoubles(output);
        int width = Math.toIntExact(output.shape().get(1));
        double loss = 0;
        for (int row = 0; row < classes.length; row++) {
            double sum = 0;
            for (int i = 0; i < width; i++) {
                sum += Math.exp(scores[row * width + i]);
            }
            loss += (Math.log(sum) - scores[row * width + classes[row]]) / classes.length;
        }
        return loss;
    }

    private static int[] predicted(Tensor output) {
        double[] scores = Tensors.toDoubles(output);
        int width = Math.toIntExact(output.shape().get(1));
        int[] classes = new int[scores.length / width];
        for (int row = 0; row < classes.length; row++) {
            for (int i = 1; i < width; i++) {
                classes[row] = scores[row * width + i] > scores[row * width + classes[row]] ? i : classes[row];
            }
        }
        return classes;
    }

    private static Tensor outputs(Graph graph, Map<String, Tensor> inputs) {
        try (Runner runner = new OnnxExecutor().prepare(graph, Settings.DEFAULT)) {
            return runner.run(inputs).values().iterator().next();
        }
    }

    /** With labels the loss is another one, and a label must be a class. */
    @Test
    @SuppressWarnings("unchecked")
    void labelsCountWhereThereAreAny() {
        Graph graph = ClassicNetworks.densenetSmall(2);
        Map<String, Tensor> inputs = RandomInputs.FIRST.of(graph, 5);
        int[] predicted = predicted(outputs(graph, inputs));
        Map<String, Tensor> own =
                (Map<String, Tensor>) evidence(graph, inputs, 2).get(Evidence.LOSS_GRADIENTS);

        assertThat(values(labelled(graph, inputs, predicted[0], predicted[1]))).isEqualTo(values(own));
        assertThat(values(labelled(graph, inputs, predicted[0], predicted[1] == 0 ? 1 : 0)))
                .isNotEqualTo(values(own));
        assertThatThrownBy(() -> labelled(graph, inputs, predicted[0], 99))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("the label 99 in row 1");
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Tensor> labelled(Graph graph, Map<String, Tensor> inputs, long... classes) {
        Map<String, Tensor> all = new LinkedHashMap<>(inputs);
        all.put("label", Tensors.vector(classes));
        return (Map<String, Tensor>) evidence(graph, all, 2).get(Evidence.LOSS_GRADIENTS);
    }

    private static double[] values(Map<String, Tensor> gradients) {
        return gradients.values().stream()
                .map(Tensors::toDoubles)
                .flatMapToDouble(DoubleStream::of)
                .toArray();
    }

    /** Squares are those of single examples, all of them; what batches say is the same whether examples run alone or not. */
    @Test
    @SuppressWarnings("unchecked")
    void squaresAreOfSingleExamples() {
        Graph graph = ClassicNetworks.densenetSmall(2);
        Map<String, Tensor> inputs = RandomInputs.FIRST.of(graph, 5);
        Map<Evidence<?>, Object> both = evidence(
                graph,
                inputs,
                2,
                Evidence.SLICE_FISHER,
                Evidence.SQUARED_GRADIENTS,
                Evidence.LOSS_GRADIENTS,
                Evidence.SLICE_GRADIENTS);
        List<Map<Evidence<?>, Object>> alone = Stream.of(0, 1)
                .map(row -> evidence(graph, row(inputs, row), 1, Evidence.LOSS_GRADIENTS, Evidence.SLICE_GRADIENTS))
                .toList();
        Map<String, Tensor> squares = (Map<String, Tensor>) both.get(Evidence.SQUARED_GRADIENTS);
        SliceFisher fisher = (SliceFisher) both.get(Evidence.SLICE_FISHER);
        SliceGradients slices = (SliceGradients) both.get(Evidence.SLICE_GRADIENTS);
        squares.forEach((name, square) -> {
            double[] first = gradient(alone.get(0), name);
            double[] second = gradient(alone.get(1), name);
            double[] expected = new double[first.length];
            for (int i = 0; i < first.length; i++) {
                expected[i] = (first[i] * first[i] + second[i] * second[i]) / 2;
            }
            assertThat(Tensors.toDoubles(square)).as(name).containsExactly(expected, within(1e-9));
            TestingParameterAxis axis = new TestingParameterAxis(
                    name, 0, ParameterRole.PRODUCER, graph.constants().get(name));
            double[] one = ((SliceGradients) alone.get(0).get(Evidence.SLICE_GRADIENTS))
                    .of(axis)
                    .get(0);
            double[] two = ((SliceGradients) alone.get(1).get(Evidence.SLICE_GRADIENTS))
                    .of(axis)
                    .get(0);
            assertThat(slices.of(axis)).hasSize(1);
            for (int i = 0; i < one.length; i++) {
                assertThat(fisher.of(axis)[i])
                        .as(name)
                        .isCloseTo((one[i] * one[i] + two[i] * two[i]) / 2, within(1e-9));
                assertThat(slices.of(axis).get(0)[i]).as(name).isCloseTo((one[i] + two[i]) / 2, within(1e-9));
            }
        });
    }

    private static Map<String, Tensor> row(Map<String, Tensor> inputs, int row) {
        Map<String, Tensor> one = new LinkedHashMap<>();
        inputs.forEach((name, tensor) -> one.put(name, Tensors.sliced(tensor, 0, new int[] {row})));
        return one;
    }

    @SuppressWarnings("unchecked")
    private static double[] gradient(Map<Evidence<?>, Object> evidence, String name) {
        return Tensors.toDoubles(((Map<String, Tensor>) evidence.get(Evidence.LOSS_GRADIENTS)).get(name));
    }

    @Test
    void anOutputWithoutClassesIsRefused() {
        Graph graph = new Graph(
                "no-classes",
                Map.of(
                        "x",
                        new ValueType(
                                DataType.FLOAT32,
                                Optional.of(List.of(new Dimension.Fixed(2), new Dimension.Fixed(3))))),
                List.of("y"),
                List.of(Node.of("MatMul", List.of("x", "w"), List.of("y"), Map.of())),
                Map.of("w", Tensors.floats(List.of(3L, 1L), 1, 2, 3)),
                Map.of());
        Map<String, Tensor> inputs = Map.of("x", Tensors.floats(List.of(2L, 3L), 1, 2, 3, 4, 5, 6));
        assertThatThrownBy(() -> evidence(graph, inputs, 2))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'y'")
                .hasMessageContaining("FLOAT32 of shape [2, 1]: axis 1 does not hold the scores of classes");
    }

    /** Exporters store equal vectors once: scales and variances are ones, shifts and means zeros, before training. */
    @Test
    @SuppressWarnings("unchecked")
    void parametersThatAreStoredOnceAreDifferentiatedApart() {
        Map<String, Tensor> inputs =
                Map.of("x", RandomInputs.FIRST.of(normalised(false), 4).get("x"));
        Map<String, Tensor> together =
                (Map<String, Tensor>) evidence(normalised(true), inputs, 2).get(Evidence.LOSS_GRADIENTS);
        Map<String, Tensor> apart =
                (Map<String, Tensor>) evidence(normalised(false), inputs, 2).get(Evidence.LOSS_GRADIENTS);

        for (String parameter : List.of("w0", "w1", "w2")) {
            assertThat(Tensors.toDoubles(together.get(parameter))).isEqualTo(Tensors.toDoubles(apart.get(parameter)));
        }
        for (int layer = 0; layer < 2; layer++) {
            assertThat(Tensors.toDoubles(together.get("ones (for n" + layer + ", operand 1)")))
                    .isEqualTo(Tensors.toDoubles(apart.get("scale" + layer)));
            assertThat(Tensors.toDoubles(together.get("zeros (for n" + layer + ", operand 2)")))
                    .isEqualTo(Tensors.toDoubles(apart.get("shift" + layer)));
        }
    }

    private static Graph normalised(boolean together) {
        Random random = new Random(5);
        Map<String, Tensor> constants = new LinkedHashMap<>();
        List<Node> nodes = new ArrayList<>();
        nodes.add(Node.of("Identity", List.of("ones"), List.of("variance"), Map.of()));
        String value = "x";
        for (int layer = 0; layer < 3; layer++) {
            float[] weights = new float[16];
            for (int i = 0; i < weights.length; i++) {
                weights[i] = (float) random.nextGaussian();
            }
            constants.put("w" + layer, Tensors.floats(List.of(4L, 4L), weights));
            nodes.add(Node.of("MatMul", List.of(value, "w" + layer), List.of("m" + layer), Map.of()));
            constants.put("scale" + layer, Tensors.floats(List.of(4L), 1, 1, 1, 1));
            constants.put("shift" + layer, Tensors.floats(List.of(4L), 0, 0, 0, 0));
            String scale = together ? "ones" : "scale" + layer;
            String shift = together ? "zeros" : "shift" + layer;
            nodes.add(Node.of(
                    "BatchNormalization",
                    List.of("m" + layer, scale, shift, "zeros", "variance"),
                    List.of("n" + layer),
                    Map.of()));
            nodes.add(Node.of("Tanh", List.of("n" + layer), List.of("t" + layer), Map.of()));
            value = "t" + layer;
        }
        constants.put("ones", Tensors.floats(List.of(4L), 1, 1, 1, 1));
        constants.put("zeros", Tensors.floats(List.of(4L), 0, 0, 0, 0));
        ValueType type = new ValueType(
                DataType.FLOAT32, Optional.of(List.of(new Dimension.Symbol("batch"), new Dimension.Fixed(4))));
        return new Graph("normalised", Map.of("x", type), List.of(value), nodes, constants, Map.of(value, type));
    }
}
