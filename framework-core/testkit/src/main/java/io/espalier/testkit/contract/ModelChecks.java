package io.espalier.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.adapter.FrameworkAdapter;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.GraphDifference;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/** Assertions about open models. */
final class ModelChecks {

    private static final int READ_BYTES = 1 << 20;
    private static final List<Long> SEEDS = List.of(1L, 2L, 3L);

    private ModelChecks() {}

    static void assertSame(Graph expected, Graph actual) {
        assertThat(GraphDifference.first(expected, actual)).isEmpty();
    }

    /**
     * Asserts that the native program and a neutral graph compute the same, and that it depends on the inputs.
     *
     * @param inputs makes inputs from a seed
     */
    static void assertParity(
            Model model,
            Graph graph,
            GraphExecutor executor,
            LongFunction<Map<String, Tensor>> inputs,
            double tolerance) {
        List<Map<String, Tensor>> results = new ArrayList<>();
        try (Runner natively = model.runner();
                Runner neutrally = executor.prepare(graph, GraphExecutor.Settings.DEFAULT)) {
            assertThat(natively.inputs())
                    .as("inputs")
                    .isEqualTo(List.copyOf(graph.inputs().keySet()));
            assertThat(natively.outputs()).as("outputs").isEqualTo(graph.outputs());
            for (long seed : SEEDS) {
                Map<String, Tensor> expected = natively.run(inputs.apply(seed));
                Map<String, Tensor> actual = neutrally.run(inputs.apply(seed));
                assertThat(Outputs.difference(expected, actual, tolerance))
                        .as("native runtime against lifted graph, seed %d", seed)
                        .isEmpty();
                results.add(expected);
            }
        }
        assertThat(Outputs.difference(results.get(0), results.get(1), tolerance))
                .as("difference between outputs of different inputs")
                .isPresent();
    }

    /** Asserts that a file opens as a sound model, or is refused in one sentence that names it. */
    static void assertSoundOrRefused(FrameworkAdapter adapter, Path file, Path copy) {
        try (Model model = adapter.open(file)) {
            model.graph().constants().values().forEach(ModelChecks::readSome);
            model.metadata();
            model.digest();
            model.write(copy, List.of(), Map.of());
        } catch (InvalidInputException e) {
            assertOneSentence(e.getMessage(), file);
        }
    }

    static void assertOneSentence(String message, Path about) {
        assertThat(message)
                .isNotBlank()
                .hasLineCount(1)
                .contains(about.getFileName().toString())
                .doesNotContain("Exception");
    }

    private static void readSome(Tensor tensor) {
        int width = tensor.type().bytes();
        int elements = (int) Math.min(READ_BYTES / width, tensor.size());
        ByteBuffer block = ByteBuffer.allocate(elements * width);
        tensor.read(0, block);
        tensor.read(tensor.size() - elements, block.clear());
    }

    /** A tensor of the same form whose numbers are halved and moved: none stays, and what is positive stays positive. */
    static Tensor changed(Tensor tensor) {
        double[] values = Tensors.toDoubles(tensor);
        for (int i = 0; i < values.length; i++) {
            values[i] = values[i] / 2 + 0.25 + i % 3;
        }
        return Tensors.fromDoubles(tensor.type(), tensor.shape(), values);
    }
}
