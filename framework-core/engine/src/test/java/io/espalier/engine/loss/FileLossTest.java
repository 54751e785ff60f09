package io.espalier.engine.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.adapter.onnx.OnnxAdapter;
import io.espalier.adapter.onnx.OnnxExecutor;
import io.espalier.adapter.onnx.OnnxWriter;
import io.espalier.graph.gradient.Differentiation;
import io.espalier.graph.gradient.Gradients;
import io.espalier.graph.operator.Operators;
import io.espalier.plugin.losses.MeanSquaredErrorLoss;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.data.Batch;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.loss.Loss;
import io.espalier.spi.option.Options;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Losses that ONNX files compute, of a model with the output y and data with the labels t. */
class FileLossTest {

    private static final Operators OPERATORS = Operators.standard();
    private static final Tensor X = Tensors.floats(Tensors.shape(2, 3), 1, -2, 0.5f, 3, 0, -1);
    private static final Tensor T = Tensors.floats(Tensors.shape(2, 3), 0, 1, 0.5f, 1, 2, -2);

    @TempDir
    private Path folder;

    private static ValueType type(DataType type, long width) {
        return new ValueType(type, Optional.of(List.of(new Dimension.Symbol("n"), new Dimension.Fixed(width))));
    }

    private static Graph model() {
        return new Graph(
                "model",
                Map.of("x", type(DataType.FLOAT32, 3)),
                List.of("y"),
                List.of(Node.of("Tanh", List.of("x"), List.of("y"), Map.of())),
                Map.of(),
                Map.of());
    }

    private Loss file(Map<String, ValueType> inputs, String output, Node... nodes) {
        Path file = folder.resolve("loss.onnx");
        new OnnxWriter().write(new Graph("loss", inputs, List.of(output), List.of(nodes), Map.of(), Map.of()), file);
        return new FileLoss(file, new OnnxAdapter());
    }

    private static Map<String, ValueType> pair(DataType labels) {
        Map<String, ValueType> inputs = new LinkedHashMap<>();
        inputs.put("y", type(DataType.FLOAT32, 3));
        inputs.put("t", type(labels, 3));
        return inputs;
    }

    private Loss squares(DataType labels) {
        return file(
                pair(labels),
                "number",
                Node.of("Cast", List.of("t"), List.of("real"), Map.of("to", new Attribute.Int(1))),
                Node.of("Sub", List.of("y", "real"), List.of("x"), Map.of()),
                Node.of("Mul", List.of("x", "x"), List.of("square"), Map.of()),
                Node.of("ReduceMean", List.of("square"), List.of("number"), Map.of("keepdims", new Attribute.Int(0))));
    }

    private static List<double[]> run(Loss loss, Tensor labels) {
        Map<String, Tensor> arrays = new LinkedHashMap<>(Map.of("x", X));
        Batch batch = new Batch(new long[] {0, 1}, arrays, Map.of("t", labels), Optional.empty());
        ChosenLoss chosen = new ChosenLoss(loss, Options.resolve("loss", loss.options(), Map.of()));
        LossGraph graph = LossGraph.of(model(), OPERATORS, batch, chosen);
        Gradients gradients = Differentiation.of(graph.graph(), OPERATORS, graph.loss(), List.of("x"));
        String gradient = gradients.byValue().get("x");
        Graph both = gradients.returning(List.of(graph.loss(), gradient));
        try (Runner runner = new OnnxExecutor().prepare(both, Settings.DEFAULT)) {
            Map<String, Tensor> fed = new LinkedHashMap<>(graph.inputs(batch));
            fed.keySet().retainAll(runner.inputs());
            Map<String, Tensor> results = runner.run(fed);
            return List.of(Tensors.toDoubles(results.get(graph.loss())), Tensors.toDoubles(results.get(gradient)));
        }
    }

    /** The file has values of its own under names that the model has too; the loss and its gradient are those of the plug-in. */
    @Test
    void aFileThatComputesMeanSquaresIsTheSameLoss() {
        List<double[]> expected = run(new MeanSquaredErrorLoss(), T);
        List<double[]> found = run(squares(DataType.FLOAT32), T);
        assertThat(found.get(0)).containsExactly(expected.get(0), within(1e-6));
        assertThat(found.get(1)).containsExactly(expected.get(1), within(1e-6));
    }

    /** An array of int64 is converted to the type that the file declares. */
    @Test
    void wholeNumbersAreConverted() {
        Tensor classes = Tensors.longs(Tensors.shape(2, 3), 0, 1, 0, 1, 2, -2);
        Tensor real = Tensors.floats(Tensors.shape(2, 3), 0, 1, 0, 1, 2, -2);
        assertThat(run(squares(DataType.INT32), classes).get(0))
                .containsExactly(run(new MeanSquaredErrorLoss(), real).get(0), within(1e-6));
    }

    @Test
    void aFileThatGivesNoNumberIsRefused() {
        Loss loss = file(pair(DataType.FLOAT32), "d", Node.of("Sub", List.of("y", "t"), List.of("d"), Map.of()));
        assertThatThrownBy(() -> run(loss, T))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'loss.onnx'")
                .hasMessageContaining("must be one number");
    }

    @Test
    void anArrayThatDoesNotFitIsNamed() {
        Tensor narrow = Tensors.floats(Tensors.shape(2), 0, 1);
        assertThatThrownBy(() -> run(squares(DataType.FLOAT32), narrow))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("the array 't' of the data");
    }
}
