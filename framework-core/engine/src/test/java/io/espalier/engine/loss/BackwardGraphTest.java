package io.espalier.engine.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.adapter.onnx.OnnxAdapter;
import io.espalier.adapter.onnx.OnnxExecutor;
import io.espalier.adapter.onnx.OnnxWriter;
import io.espalier.graph.gradient.Gradients;
import io.espalier.graph.operator.Operators;
import io.espalier.plugin.losses.BinaryCrossEntropyLoss;
import io.espalier.plugin.losses.CrossEntropyLoss;
import io.espalier.plugin.losses.MeanSquaredErrorLoss;
import io.espalier.plugin.losses.SumLoss;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.loss.Loss;
import io.espalier.spi.option.Options;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.model.ClassicNetworks;
import io.espalier.testkit.model.RandomInputs;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that compute losses and gradients, written, opened and run again. */
class BackwardGraphTest {

    private static final Graph NETWORK = ClassicNetworks.densenetSmall(2);

    @TempDir
    private Path folder;

    static Stream<Loss> losses() {
        return Stream.of(
                new CrossEntropyLoss(), new BinaryCrossEntropyLoss(), new MeanSquaredErrorLoss(), new SumLoss());
    }

    private static BackwardGraph backward(Loss loss, String by) {
        ChosenLoss chosen = new ChosenLoss(loss, Options.resolve("loss", loss.options(), Map.of()));
        return BackwardGraph.of(NETWORK, Operators.standard(), chosen, List.of(by));
    }

    private Graph written(BackwardGraph backward) {
        Path file = folder.resolve("backward.onnx");
        new OnnxWriter().write(backward.graph(), file);
        try (Model model = new OnnxAdapter().open(file)) {
            return model.graph();
        }
    }

    private static Map<String, Tensor> run(Graph graph, Map<String, Tensor> inputs) {
        try (Runner runner = new OnnxExecutor().prepare(graph, Settings.PLAIN)) {
            Map<String, Tensor> read = new LinkedHashMap<>(inputs);
            read.keySet().retainAll(runner.inputs());
            return runner.run(read);
        }
    }

    private static Tensor moved(Tensor value, double[] direction, double step) {
        double[] elements = Tensors.toDoubles(value);
        for (int i = 0; i < elements.length; i++) {
            elements[i] += step * direction[i];
        }
        return Tensors.fromDoubles(value.type(), value.shape(), elements);
    }

    /** Along directions, the gradients of the file are central differences of its own loss. */
    @ParameterizedTest
    @MethodSource("losses")
    void gradientsOfTheFileAreDifferencesOfItsLoss(Loss loss) {
        BackwardGraph backward = backward(loss, BackwardGraph.WEIGHTS);
        Graph graph = written(backward);
        Map<String, Tensor> inputs = new LinkedHashMap<>(RandomInputs.FIRST.of(NETWORK, 5));
        int rows = Math.toIntExact(inputs.values().iterator().next().shape().get(0));
        int width = Math.toIntExact(
                run(NETWORK, inputs).values().iterator().next().shape().get(1));
        backward.labels().forEach(name -> inputs.put(name, labels(loss, rows, width)));
        Map<String, Tensor> results = run(graph, inputs);
        assertThat(graph.outputs()).hasSize(1 + backward.gradients().size());
        Random random = new Random(4);
        for (String weight : List.copyOf(backward.gradients().keySet()).subList(0, 2)) {
            double[] gradient =
                    Tensors.toDoubles(results.get(backward.gradients().get(weight)));
            double[] direction = DoubleStream.of(gradient)
                    .map(each -> Math.signum(each) + 0.1 * random.nextGaussian())
                    .toArray();
            double expected = 0;
            for (int i = 0; i < gradient.length; i++) {
                expected += gradient[i] * direction[i];
            }
            double sum = expected;
            Tensor constant = graph.constants().get(weight);
            double distance = DoubleStream.of(1e-2, 1e-3, 1e-4)
                    .map(step -> (loss(graph, inputs, backward, weight, moved(constant, direction, step))
                                    - loss(graph, inputs, backward, weight, moved(constant, direction, -step)))
                            / (2 * step))
                    .map(difference -> Math.abs(difference - sum))
                    .min()
                    .orElseThrow();
            assertThat(distance).as("%s by %s: %s", loss.name(), weight, sum).isLessThan(2e-2 * (sum + 1e-3));
        }
    }

    private static Tensor labels(Loss loss, int rows, int width) {
        return loss instanceof CrossEntropyLoss
                ? Tensors.longs(List.of((long) rows), new long[rows])
                : Tensors.floats(List.of((long) rows, (long) width), new float[rows * width]);
    }

    private static double loss(
            Graph graph, Map<String, Tensor> inputs, BackwardGraph backward, String weight, Tensor value) {
        Graph changed =
                new Gradients(graph.withConstants(Map.of(weight, value)), Map.of()).returning(List.of(backward.loss()));
        return Tensors.toDoubles(run(changed, inputs).get(backward.loss()))[0];
    }

    /** Any number of examples at a time; the gradient by inputs has their shape and shrinks as the mean does. */
    @Test
    void theBatchIsOpen() {
        BackwardGraph backward = backward(new SumLoss(), BackwardGraph.INPUTS);
        Graph graph = written(backward);
        Map<String, Tensor> inputs = RandomInputs.FIRST.of(NETWORK, 5);
        String input = inputs.keySet().iterator().next();
        String output = backward.gradients().get(input);
        double[] both = Tensors.toDoubles(run(graph, inputs).get(output));
        Tensor first = Tensors.sliced(inputs.get(input), 0, new int[] {0});
        Tensor alone = run(graph, Map.of(input, first)).get(output);
        assertThat(alone.shape()).isEqualTo(first.shape());
        double rows = inputs.get(input).shape().get(0);
        double[] elements = Tensors.toDoubles(alone);
        for (int i = 0; i < elements.length; i++) {
            assertThat(both[i] * rows).as("element %d", i).isCloseTo(elements[i], within(1e-4));
        }
    }

    @Test
    void axesAreFixedByNameAndOneThatDoesNotExistIsNamed() {
        ChosenLoss chosen = new ChosenLoss(new SumLoss(), Options.resolve("loss", new SumLoss().options(), Map.of()));
        BackwardGraph pinned = BackwardGraph.of(
                NETWORK, Operators.standard(), chosen, List.of(BackwardGraph.INPUTS), Map.of("batch", 3L));
        assertThat(pinned.graph().inputs().values())
                .allMatch(type -> type.shape().orElseThrow().get(0).equals(new Dimension.Fixed(3)));
        assertThatThrownBy(() -> BackwardGraph.of(
                        NETWORK, Operators.standard(), chosen, List.of(BackwardGraph.INPUTS), Map.of("time", 3L)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'time'")
                .hasMessageContaining("batch");
    }

    @Test
    void aValueThatDoesNotExistIsNamed() {
        assertThatThrownBy(() -> backward(new SumLoss(), "nothing"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'nothing'");
    }
}
