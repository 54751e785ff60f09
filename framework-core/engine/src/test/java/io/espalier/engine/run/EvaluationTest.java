package io.espalier.engine.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.engine.evaluate.ChosenMetric;
import io.espalier.engine.evaluate.Evaluation;
import io.espalier.plugin.metrics.Top1Metric;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.data.Batches;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.metric.Metric;
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
import org.junit.jupiter.api.Test;

class EvaluationTest {

    private static final ChosenMetric TOP_1 = new ChosenMetric(new Top1Metric(), Options.none());
    private static final Dimension BATCH = new Dimension.Symbol("batch");

    private static Graph graph(Dimension batch, DataType type) {
        ValueType input = new ValueType(type, Optional.of(List.of(batch, new Dimension.Fixed(3))));
        return new Graph(
                "g",
                Map.of("x", input),
                List.of("y"),
                List.of(Node.of("Identity", List.of("x"), List.of("y"), Map.of())),
                Map.of(),
                Map.of());
    }

    private static Batches examples(Graph graph, Map<String, Tensor> arrays) {
        long size = arrays.values().iterator().next().shape().get(0);
        return Batches.of(graph, new TestingDataset(size, arrays), Evaluation.BATCHES, new TestingRunContext(0));
    }

    private static Map<String, Tensor> arrays(String input, Tensor values, String labels, long... classes) {
        Map<String, Tensor> arrays = new LinkedHashMap<>();
        arrays.put(input, values);
        arrays.put(labels, Tensors.vector(classes));
        return arrays;
    }

    private static final Tensor SCORES =
            Tensors.floats(Tensors.shape(5, 3), 1, 2, 3, /**/ 3, 2, 1, /**/ 1, 3, 2, /**/ 2, 2, 2, /**/ 0, 0, 9);

    @Test
    void theLargestElementIsTheAnswerAndTheFirstOfEquals() {
        for (Dimension batch : List.of(BATCH, new Dimension.Fixed(2), new Dimension.Fixed(1))) {
            Graph graph = graph(batch, DataType.FLOAT32);
            Batches examples = examples(graph, arrays("x", SCORES, "label", 2, 0, 0, 0, 1));

            Evaluation found = Evaluation.measure(new Echo(), examples, TOP_1, "test", new TestingRunContext(0));

            assertThat(found).isEqualTo(new Evaluation("top-1", Metric.Unit.SHARE, true, 0.6, 5));
            assertThat(found.isAccuracy()).isTrue();
        }
    }

    @Test
    void batchesOfFixedSizeAreFilledUp() {
        Batches examples =
                examples(graph(new Dimension.Fixed(2), DataType.FLOAT32), arrays("x", SCORES, "label", 2, 0, 0, 0, 1));

        Tensor last = examples.get(2).inputs().get("x");

        assertThat(Tensors.toFloats(last)).containsExactly(0, 0, 9, 0, 0, 9);
    }

    @Test
    void inputsAreMatchedByNameElseByOrder() {
        Graph graph = graph(BATCH, DataType.FLOAT32);

        assertThat(examples(graph, arrays("image", SCORES, "target", 0, 0, 0, 0, 0))
                        .get(0)
                        .classes())
                .hasValue(new long[5]);
        assertThatThrownBy(() -> examples(graph, Map.of("label", Tensors.vector(1, 2))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("no array for the input 'x'");
        assertThat(examples(graph, Map.of("image", SCORES)).hasLabels()).isFalse();
    }

    @Test
    void typesAreWidenedAndShapesChecked() {
        Tensor doubles = Tensors.fromDoubles(DataType.FLOAT64, Tensors.shape(1, 3), 1.5, 2, 3);
        Tensor converted = examples(graph(BATCH, DataType.FLOAT32), Map.of("x", doubles))
                .get(0)
                .inputs()
                .get("x");
        assertThat(converted.type()).isEqualTo(DataType.FLOAT32);
        assertThat(Tensors.toFloats(converted)).containsExactly(1.5f, 2, 3);

        assertThatThrownBy(() -> examples(graph(BATCH, DataType.INT64), Map.of("x", doubles)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("takes INT64");
        assertThatThrownBy(() -> examples(
                        graph(BATCH, DataType.FLOAT32), Map.of("x", Tensors.floats(Tensors.shape(1, 2), 1, 2))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("does not fit the input 'x'");
    }

    @Test
    void latenciesAreMediansOfRunsInTurn() {
        Echo original = new Echo();
        Echo pruned = new Echo();

        LatencyComparison latency = LatencyComparison.measure(
                original, pruned, Map.of("x", SCORES), new LatencyOptions(2, 5, 60), new TestingRunContext(0));

        assertThat(latency.runs()).isEqualTo(5);
        assertThat(original.calls).hasSize(7);
        assertThat(pruned.calls).hasSize(7);
        assertThat(latency.originalNanos()).isPositive();
        assertThat(latency.ratio()).isPositive();
    }

    /** Returns what it is given. */
    private static final class Echo implements Runner {

        private final List<Map<String, Tensor>> calls = new ArrayList<>();

        @Override
        public List<String> inputs() {
            return List.of("x");
        }

        @Override
        public List<String> outputs() {
            return List.of("y");
        }

        @Override
        public Map<String, Tensor> run(Map<String, Tensor> inputs) {
            calls.add(inputs);
            return Map.of("y", inputs.get("x"));
        }

        @Override
        public void close() {}
    }
}
