package io.espalier.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.plugin.optimizers.AdamWOptimizer;
import io.espalier.plugin.optimizers.SgdOptimizer;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.model.GraphBuilder;
import io.espalier.testkit.model.Window;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainerTest {

    private static final int CLASSES = 3;

    private static Graph perceptron(long seed) {
        return perceptron(seed, "x");
    }

    private static Graph perceptron(long seed, String input) {
        GraphBuilder graph = new GraphBuilder("perceptron", seed);
        String hidden = graph.relu(graph.gemm("first", graph.input(input, "batch", 6), 5));
        return graph.output(graph.gemm("second", hidden, CLASSES)).build();
    }

    private static Graph convolutional(long seed) {
        GraphBuilder graph = new GraphBuilder("convolutional", seed);
        String x = graph.input("x", "batch", 2, 6, 6);
        x = graph.bn("norm", x);
        x = graph.relu(
                graph.bn("first.1", graph.conv("first.0", x, 6, Window.same(3).withoutBias())));
        return graph.output(graph.gemm("head", graph.flatten(graph.globalAveragePool(x), 1), CLASSES))
                .build();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    @DisplayName("Weights are those of a perceptron that is trained by hand")
    void agreesWithTrainingByHand(long seed) {
        Graph graph = perceptron(seed);
        TestingTraining.Examples data = TestingTraining.blobs(seed, 24, CLASSES, 6);
        double decay = seed % 2 == 0 ? 0.01 : 0;
        double clip = seed > 2 ? 0.1 : 0;
        Map<String, Tensor> trained = new TestingTraining()
                .epochs(5)
                .batch(24)
                .optimizer(new SgdOptimizer(), Map.of("momentum", "0.9"))
                .rate(0.2)
                .decay(decay)
                .clip(clip)
                .trained(graph, data);
        Perceptron byHand = new Perceptron(graph, decay, clip);
        for (int step = 0; step < 5; step++) {
            byHand.step(
                    Tensors.toDoubles(data.arrays().get("x")),
                    Tensors.toLongs(data.arrays().get("label")),
                    0.2);
        }
        byHand.weights().forEach((name, expected) -> {
            double[] actual = Tensors.toDoubles(trained.get(name));
            for (int i = 0; i < expected.length; i++) {
                assertThat(actual[i]).as("seed %d, %s[%d]", seed, name, i).isCloseTo(expected[i], within(2e-5));
            }
        });
    }

    @Test
    @DisplayName("Running statistics follow those of each batch by the momentum of the file")
    void runningStatistics() {
        Graph graph = convolutional(3);
        TestingTraining.Examples data = TestingTraining.blobs(3, 16, CLASSES, 2, 6, 6);
        Map<String, Tensor> trained = new TestingTraining().epochs(3).batch(16).trained(graph, data);
        double[] elements = Tensors.toDoubles(data.arrays().get("x"));
        for (int channel = 0; channel < 2; channel++) {
            double sum = 0;
            double squares = 0;
            int count = 16 * 36;
            for (int example = 0; example < 16; example++) {
                for (int position = 0; position < 36; position++) {
                    double value = elements[(example * 2 + channel) * 36 + position];
                    sum += value;
                    squares += value * value;
                }
            }
            double mean = sum / count;
            double variance = squares / count - mean * mean;
            double left = Math.pow(0.9, 3);
            double first = Tensors.toDoubles(graph.constants().get("norm.running_mean"))[channel];
            double spread = Tensors.toDoubles(graph.constants().get("norm.running_var"))[channel];
            assertThat(Tensors.toDoubles(trained.get("norm.running_mean"))[channel])
                    .isCloseTo(left * first + (1 - left) * mean, within(1e-5));
            assertThat(Tensors.toDoubles(trained.get("norm.running_var"))[channel])
                    .isCloseTo(left * spread + (1 - left) * variance, within(1e-5));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    @DisplayName("The loss falls, the model learns, and the same seed gives the same bits")
    void learns(long seed) {
        Graph graph = convolutional(seed);
        TestingTraining.Examples data = TestingTraining.blobs(seed, 48, CLASSES, 2, 6, 6);
        TestingTraining training = new TestingTraining()
                .epochs(12)
                .optimizer(new AdamWOptimizer(), Map.of())
                .rate(0.02)
                .average(seed == 3 ? 0.9 : 0);
        List<EpochResult> epochs = training.epochs(graph, data);
        assertThat(epochs.get(11).loss())
                .as("seed %d", seed)
                .isLessThan(0.5 * epochs.get(0).loss());
        assertThat(epochs.get(11).validation().orElseThrow().value())
                .as("seed %d", seed)
                .isGreaterThan(0.9);
        Map<String, Tensor> one = training.trained(graph, data);
        Map<String, Tensor> other = training.trained(graph, data);
        one.forEach((name, tensor) ->
                assertThat(Tensors.toBytes(other.get(name))).as(name).isEqualTo(Tensors.toBytes(tensor)));
    }

    @Test
    @DisplayName("Gradients of two batches make the step of one batch of twice the size")
    void accumulates() {
        Graph graph = perceptron(4);
        TestingTraining.Examples data = TestingTraining.blobs(4, 16, CLASSES, 6);
        Map<String, Tensor> whole = new TestingTraining().batch(16).trained(graph, data);
        Map<String, Tensor> halves =
                new TestingTraining().batch(8).accumulate(2).trained(graph, data);
        whole.forEach((name, tensor) -> {
            double[] expected = Tensors.toDoubles(tensor);
            double[] actual = Tensors.toDoubles(halves.get(name));
            for (int i = 0; i < expected.length; i++) {
                assertThat(actual[i]).as("%s[%d]", name, i).isCloseTo(expected[i], within(1e-6));
            }
        });
    }

    @Test
    @DisplayName("Only weights that are named change, and statistics")
    void chosenWeights() {
        Graph graph = convolutional(5);
        TestingTraining.Examples data = TestingTraining.blobs(5, 16, CLASSES, 2, 6, 6);
        Map<String, Tensor> trained = new TestingTraining().trainable("head.*").trained(graph, data);
        assertThat(trained)
                .containsOnlyKeys(
                        "head.weight",
                        "head.bias",
                        "norm.running_mean",
                        "norm.running_var",
                        "first.1.running_mean",
                        "first.1.running_var");
        TestingTraining training = new TestingTraining().trainable("tail.*");
        assertThatThrownBy(() -> training.trained(graph, data))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'tail.*'")
                .hasMessageContaining("head.weight");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    @DisplayName(
            "With a teacher alone, outputs come to those of the teacher, whatever the labels and what it calls its input")
    void teaches(long seed) {
        Graph teacher = perceptron(seed + 10, seed == 1 ? "x" : "vector");
        TestingTraining.Examples data = TestingTraining.blobs(seed, 48, CLASSES, 6);
        TestingTraining training = new TestingTraining()
                .epochs(40)
                .optimizer(new AdamWOptimizer(), Map.of())
                .rate(0.03)
                .schedule("cosine")
                .teacher(teacher, 1);
        List<EpochResult> epochs = training.epochs(perceptron(seed), data);
        assertThat(epochs.get(39).loss())
                .as("seed %d", seed)
                .isLessThan(0.1 * epochs.get(0).loss());
    }

    @Test
    @DisplayName("An epoch that is as good as the best is not better, and its weights are taken all the same")
    void ties() {
        TestingTraining training = new TestingTraining().epochs(9).rate(1e-30).patience(3);
        try (Trainer trainer = training.trainer(perceptron(7), TestingTraining.blobs(7, 24, CLASSES, 6))) {
            assertThat(trainer.run(Optional.empty())).hasSize(4);
            assertThat(trainer.bestEpoch()).isEqualTo(4);
        }
    }

    @Test
    @DisplayName("Training ends when its patience does, and the weights are those of the best epoch")
    void patience() {
        Graph graph = perceptron(7);
        TestingTraining.Examples data = TestingTraining.blobs(7, 24, CLASSES, 6);
        TestingTraining training = new TestingTraining().epochs(200).rate(0.3).patience(3);
        List<EpochResult> epochs = training.epochs(graph, data);
        double best = 0;
        int last = 0;
        int improved = 0;
        for (EpochResult each : epochs) {
            double value = each.validation().orElseThrow().value();
            improved = value > best ? each.number() : improved;
            last = value >= best ? each.number() : last;
            best = Math.max(best, value);
        }
        assertThat(epochs).hasSize(Math.min(200, improved + 3));
        try (Trainer trainer = training.trainer(graph, data)) {
            trainer.run(Optional.empty());
            assertThat(trainer.bestEpoch()).isEqualTo(last);
        }
    }

    @Test
    @DisplayName("A Dropout of the file drops in training, by the seed, and not in validation")
    void drops() {
        GraphBuilder builder = new GraphBuilder("dropping", 8);
        String hidden = builder.relu(builder.gemm("first", builder.input("x", "batch", 6), 16));
        Graph plain = builder.output(builder.gemm("second", hidden, CLASSES)).build();
        List<Node> nodes = new ArrayList<>();
        for (Node node : plain.nodes()) {
            boolean reads = node.inputs().contains(hidden);
            if (reads) {
                nodes.add(Node.of("Dropout", List.of(hidden, "ratio"), List.of("dropped"), Map.of()));
            }
            nodes.add(reads ? node.withInput(0, "dropped") : node);
        }
        Graph graph = plain.withNodes(nodes).withConstants(Map.of("ratio", Tensors.floats(List.of(), 0.5f)));
        TestingTraining.Examples data = TestingTraining.blobs(8, 32, CLASSES, 6);
        TestingTraining still = new TestingTraining().epochs(2).rate(1e-9);
        List<EpochResult> epochs = still.epochs(graph, data);
        List<EpochResult> without = still.epochs(plain, data);
        assertThat(epochs.get(0).loss()).isNotCloseTo(without.get(0).loss(), within(1e-3));
        assertThat(epochs.get(0).loss()).isNotCloseTo(epochs.get(1).loss(), within(1e-6));
        assertThat(epochs.get(0).validation()).isEqualTo(without.get(0).validation());
        assertThat(still.epochs(graph, data).get(1).loss())
                .isEqualTo(epochs.get(1).loss());
    }

    @Test
    @DisplayName("A model in half precision is trained in single precision, and validated as it is")
    void halfPrecision() {
        Graph single = convolutional(9);
        Map<String, Tensor> constants = new LinkedHashMap<>();
        single.constants().forEach((name, tensor) -> constants.put(name, Tensors.converted(tensor, DataType.FLOAT16)));
        Map<String, ValueType> inputs = new LinkedHashMap<>();
        single.inputs().forEach((name, type) -> inputs.put(name, new ValueType(DataType.FLOAT16, type.shape())));
        Graph half = new Graph("half", inputs, single.outputs(), single.nodes(), constants, Map.of());
        TestingTraining.Examples data = TestingTraining.blobs(9, 48, CLASSES, 2, 6, 6);
        List<EpochResult> epochs = new TestingTraining()
                .epochs(10)
                .optimizer(new AdamWOptimizer(), Map.of())
                .rate(0.02)
                .augmentation(Map.of("cut-out", "2"))
                .epochs(half, data);
        assertThat(epochs.get(9).loss()).isLessThan(0.7 * epochs.get(0).loss());
        assertThat(epochs.get(9).validation().orElseThrow().value()).isGreaterThan(0.8);
    }

    @Test
    @DisplayName("A loss that is no number ends the training with advice")
    void diverges() {
        TestingTraining.Examples data = TestingTraining.blobs(6, 16, CLASSES, 6);
        TestingTraining training = new TestingTraining().epochs(40).rate(1e20);
        assertThatThrownBy(() -> training.trained(perceptron(6), data))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("smaller learning rate");
    }
}
