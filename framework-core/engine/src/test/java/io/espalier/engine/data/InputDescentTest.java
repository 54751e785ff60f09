package io.espalier.engine.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.adapter.onnx.OnnxExecutor;
import io.espalier.graph.operator.Operators;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.option.Options;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.TestingRunContext;
import io.espalier.testkit.model.GraphBuilder;
import io.espalier.testkit.model.VisionTransformers;
import io.espalier.testkit.model.Window;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InputDescentTest {

    private static final OnnxExecutor EXECUTOR = new OnnxExecutor();

    private static Graph network(long seed, boolean shares) {
        GraphBuilder graph = new GraphBuilder("network", seed);
        String x = graph.input("image", "batch", 2, 12, 12);
        x = graph.relu(
                graph.bn("first.1", graph.conv("first.0", x, 6, Window.same(3).withoutBias())));
        x = graph.add(x, graph.bn("second.1", graph.conv("second.0", x, 6, Window.same(3))));
        x = graph.gemm("head", graph.flatten(graph.globalAveragePool(x), 1), 5);
        return graph.output(shares ? graph.softmax(x, 1) : x).build();
    }

    private static SyntheticExamples examples(Graph graph, String... settings) {
        return examples(1, graph, settings);
    }

    private static SyntheticExamples examples(int threads, Graph graph, String... settings) {
        Map<String, String> given = new TreeMap<>(Map.of("count", "24", "steps", "8"));
        for (int i = 0; i < settings.length; i += 2) {
            given.put(settings[i], settings[i + 1]);
        }
        Options options = Options.resolve("calibration", SyntheticExamples.options(), given);
        SyntheticExamples asked = SyntheticExamples.of(options, 7, Operators.standard(), Map.of());
        return InputDescent.of(asked, graph, EXECUTOR, new TestingRunContext(1), threads);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    @DisplayName("What batch norms see comes nearer to what they hold, and the same seed makes the same inputs")
    void descends(long seed) {
        Graph graph = network(seed, seed % 2 == 0);
        SyntheticExamples noise = examples(graph, "kind", "smooth");
        SyntheticExamples made = examples(graph);
        assertThat(distance(graph, made.arrays())).isLessThan(0.8 * distance(graph, noise.arrays()));
        assertThat(made.notes()).singleElement().asString().contains("made in 8 steps");
        assertThat(made.isSynthetic()).isTrue();
        SyntheticExamples again = examples(graph);
        made.arrays()
                .forEach((name, array) -> assertThat(
                                Tensors.toBytes(again.arrays().get(name)))
                        .as(name)
                        .isEqualTo(Tensors.toBytes(array)));
    }

    @Test
    @DisplayName("Any number of threads makes the same inputs")
    void threads() {
        Graph graph = network(3, false);
        SyntheticExamples one = examples(1, graph, "count", "300", "steps", "3");
        SyntheticExamples several = examples(4, graph, "count", "300", "steps", "3");
        one.arrays()
                .forEach((name, array) ->
                        assertThat(Tensors.toBytes(several.arrays().get(name))).isEqualTo(Tensors.toBytes(array)));
        assertThat(several.notes()).isEqualTo(one.notes());
    }

    @Test
    @DisplayName("A network without batch norm is given noise, and the note says so")
    void noStatistics() {
        Graph graph = VisionTransformers.vit(3, VisionTransformers.Size.SMALL, VisionTransformers.Unpack.values()[0]);
        assertThat(examples(graph).notes())
                .singleElement()
                .asString()
                .contains("smooth noise", "no batch norm that holds statistics");
    }

    @Test
    @DisplayName("Where the runtime does not run the gradients, the inputs are noise, and the note says why")
    void refused() {
        Graph graph = network(1, false);
        SyntheticExamples asked = SyntheticExamples.of(
                Options.resolve("calibration", SyntheticExamples.options(), Map.of("count", "24")),
                7,
                Operators.standard(),
                Map.of());
        GraphExecutor refusing = new TestingRefusingExecutor("no such operator");
        SyntheticExamples made = InputDescent.of(asked, graph, refusing, new TestingRunContext(1), 1);
        assertThat(made.isNoise()).isTrue();
        assertThat(made.arrays()).containsOnlyKeys("image");
        assertThat(made.notes()).singleElement().asString().contains("smooth noise", "no such operator");
    }

    /** In double precision, from what the network computes in front of each batch norm. */
    private static double distance(Graph graph, Map<String, Tensor> inputs) {
        List<Node> norms = graph.nodes().stream()
                .filter(node -> node.operator().equals("BatchNormalization"))
                .toList();
        Graph watched = graph.withOutputs(
                norms.stream().map(node -> node.inputs().get(0)).distinct().toList());
        try (Runner runner = EXECUTOR.prepare(watched, Settings.DEFAULT)) {
            Map<String, Tensor> values = runner.run(inputs);
            return norms.stream()
                    .mapToDouble(norm ->
                            distance(graph, norm, values.get(norm.inputs().get(0))))
                    .sum();
        }
    }

    private static double distance(Graph graph, Node norm, Tensor seen) {
        double[] means = Tensors.toDoubles(graph.constants().get(norm.inputs().get(3)));
        double[] variances =
                Tensors.toDoubles(graph.constants().get(norm.inputs().get(4)));
        double[] elements = Tensors.toDoubles(seen);
        int area = Math.toIntExact(
                seen.shape().subList(2, seen.shape().size()).stream().reduce(1L, (a, b) -> a * b));
        double total = 0;
        for (int channel = 0; channel < means.length; channel++) {
            double sum = 0;
            double squares = 0;
            int count = 0;
            for (int i = 0; i < elements.length; i++) {
                if (i / area % means.length == channel) {
                    sum += elements[i];
                    squares += elements[i] * elements[i];
                    count++;
                }
            }
            double mean = sum / count;
            double deviation = Math.sqrt(Math.max(0, squares / count - mean * mean));
            double held = Math.sqrt(variances[channel]);
            total += (Math.pow(mean - means[channel], 2) + Math.pow(deviation - held, 2)) / variances[channel];
        }
        return total / means.length;
    }
}
