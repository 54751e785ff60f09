package io.espalier.engine.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.adapter.onnx.OnnxAdapter;
import io.espalier.adapter.onnx.OnnxExecutor;
import io.espalier.adapter.onnx.lift.GraphEncoder;
import io.espalier.adapter.onnx.store.ModelWriter;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.data.Batch;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.metric.Measurement;
import io.espalier.spi.option.Options;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.TestingRunContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GraphMetricTest {

    @TempDir
    Path folder;

    /** Mean of |y - label| over a batch, or each of them when {@code mean} is false. */
    private Path absoluteError(boolean mean, DataType label) throws Exception {
        ValueType vector = new ValueType(DataType.FLOAT32, Optional.of(List.of(new Dimension.Symbol("n"))));
        Map<String, ValueType> inputs = new LinkedHashMap<>();
        inputs.put("y", vector);
        inputs.put("label", new ValueType(label, vector.shape()));
        Graph graph = new Graph(
                "error",
                inputs,
                List.of(mean ? "mean" : "errors"),
                List.of(
                        Node.of("Cast", List.of("label"), List.of("target"), Map.of("to", new Attribute.Int(1))),
                        Node.of("Sub", List.of("y", "target"), List.of("difference"), Map.of()),
                        Node.of("Abs", List.of("difference"), List.of("errors"), Map.of()),
                        Node.of("ReduceMean", List.of("errors"), List.of("mean"), Map.of())),
                Map.of(),
                Map.of());
        Path file = folder.resolve("absolute-error.onnx");
        new ModelWriter(1000).write(GraphEncoder.encode(graph), Optional.empty(), file);
        return file;
    }

    private static GraphMetric metric(Path file) {
        return new GraphMetric(file, new OnnxAdapter(), new OnnxExecutor());
    }

    private static Batch batch(Tensor label) {
        long[] rows = LongStream.range(0, label.shape().get(0)).toArray();
        return new Batch(rows, Map.of(), Map.of("label", label), Optional.empty());
    }

    private static double measure(GraphMetric metric, List<Batch> batches, List<Tensor> outputs) {
        Options options = Options.resolve("metric", metric.options(), Map.of());
        try (Measurement measurement = metric.start(options, new TestingRunContext(0))) {
            for (int i = 0; i < outputs.size(); i++) {
                measurement.add(batches.get(i), Map.of("other", outputs.get(0), "y", outputs.get(i)));
            }
            return measurement.value();
        }
    }

    @Test
    void theMeanIsThatOfAllExamples() throws Exception {
        GraphMetric metric = metric(absoluteError(true, DataType.FLOAT32));
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            double sum = 0;
            List<Batch> batches = new ArrayList<>();
            List<Tensor> outputs = new ArrayList<>();
            int examples = 0;
            for (int size : new int[] {4, 4, 1 + random.nextInt(3)}) {
                long[] labels = random.longs(size, -5, 5).toArray();
                float[] values = new float[size];
                for (int i = 0; i < size; i++) {
                    values[i] = random.nextFloat();
                    sum += Math.abs(values[i] - labels[i]);
                }
                batches.add(batch(Tensors.vector(labels)));
                outputs.add(Tensors.floats(Tensors.shape(size), values));
                examples += size;
            }
            assertThat(measure(metric, batches, outputs)).as("seed %d", seed).isCloseTo(sum / examples, within(1e-5));
        }
    }

    @Test
    void theUserSaysWhichValuesAreBetter() throws Exception {
        GraphMetric metric = metric(absoluteError(true, DataType.FLOAT32));
        assertThat(metric.name()).isEqualTo("absolute-error.onnx");
        for (String better : List.of("higher", "lower")) {
            Options options = Options.resolve("metric", metric.options(), Map.of("better", better));
            assertThat(metric.higherIsBetter(options)).isEqualTo(better.equals("higher"));
        }
    }

    @Test
    void whatDoesNotFitGetsASentence() throws Exception {
        Tensor y = Tensors.floats(Tensors.shape(2), 1, 2);
        Batch halves = batch(Tensors.floats(Tensors.shape(2), 0.5f, 1));
        assertRefused(absoluteError(false, DataType.FLOAT32), halves, y, "shape [2]", "one number");
        assertRefused(absoluteError(true, DataType.INT64), halves, y, "'label'", "INT64", "FLOAT32");
        Batch unlabelled = new Batch(new long[] {0, 1}, Map.of(), Map.of(), Optional.empty());
        assertRefused(
                absoluteError(true, DataType.FLOAT32), unlabelled, y, "'label'", "other", "an output of the model");
        Batch longer = batch(Tensors.floats(Tensors.shape(3), 1, 2, 3));
        assertRefused(absoluteError(true, DataType.FLOAT32), longer, y, "'absolute-error.onnx'", "cannot be computed");
        Path broken = Files.write(folder.resolve("broken.onnx"), new byte[] {8, 9});
        assertThatThrownBy(() -> measure(metric(broken), List.of(halves), List.of(y)))
                .isInstanceOf(InvalidInputException.class);
    }

    private static void assertRefused(Path file, Batch batch, Tensor y, String... parts) {
        assertThatThrownBy(() -> measure(metric(file), List.of(batch), Arrays.asList(y)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll(parts)
                .message()
                .hasLineCount(1);
    }
}
