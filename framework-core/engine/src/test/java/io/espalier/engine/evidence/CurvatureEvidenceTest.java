package io.espalier.engine.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.adapter.onnx.OnnxExecutor;
import io.espalier.engine.TestingAnalysis;
import io.espalier.engine.loss.ChosenLoss;
import io.espalier.plugin.losses.CrossEntropyLoss;
import io.espalier.spi.criterion.Evidence;
import io.espalier.spi.data.BatchOptions;
import io.espalier.spi.data.Batches;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.option.Options;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.TestingRunContext;
import io.espalier.testkit.model.RandomInputs;
import io.espalier.testkit.model.VisionTransformers;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CurvatureEvidenceTest {

    /** More examples than run at once: Hessian and gradient are means over several batches. */
    private static final int EXAMPLES = 20;

    private record InMemory(long size, Map<String, Tensor> arrays) implements Dataset {}

    /** With labels, for predictions change where weights move. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void productsAreDifferencesOfGradients(int seed) {
        Graph graph =
                VisionTransformers.vit(seed, VisionTransformers.Size.SMALL, VisionTransformers.Unpack.values()[0]);
        Map<String, Tensor> data = new LinkedHashMap<>();
        RandomInputs.FIRST.of(graph, seed).forEach((name, tensor) -> data.put(name, repeated(tensor, seed)));
        long[] classes = new long[EXAMPLES];
        Arrays.setAll(classes, row -> row % 3);
        data.put("label", Tensors.vector(classes));

        Map<String, Tensor> gradients = evidence(graph, data, Evidence.LOSS_GRADIENTS);
        Map<String, Tensor> products = evidence(graph, data, Evidence.HESSIAN_GRADIENTS);
        double length = Math.sqrt(gradients.values().stream()
                .flatMapToDouble(tensor -> Arrays.stream(Tensors.toDoubles(tensor)))
                .map(each -> each * each)
                .sum());
        double step = 1e-2 / length;
        Map<String, Tensor> ahead = evidence(moved(graph, gradients, step), data, Evidence.LOSS_GRADIENTS);
        Map<String, Tensor> behind = evidence(moved(graph, gradients, -step), data, Evidence.LOSS_GRADIENTS);

        assertThat(products.keySet()).isEqualTo(gradients.keySet());
        double difference = 0;
        double size = 0;
        for (String name : products.keySet()) {
            double[] product = Tensors.toDoubles(products.get(name));
            double[] first = Tensors.toDoubles(behind.get(name));
            double[] second = Tensors.toDoubles(ahead.get(name));
            for (int i = 0; i < product.length; i++) {
                difference += Math.pow(product[i] - (second[i] - first[i]) / (2 * step), 2);
                size += product[i] * product[i];
            }
        }
        assertThat(Math.sqrt(difference / size)).as("seed %d", seed).isLessThan(1e-2);
    }

    /** Other examples, for each its own. */
    private static Tensor repeated(Tensor inputs, long seed) {
        double[] row = Tensors.toDoubles(Tensors.sliced(inputs, 0, new int[] {0}));
        double[] values = new double[row.length * EXAMPLES];
        Arrays.setAll(values, i -> row[(i * 7 + (int) (i / row.length * (seed + 3))) % row.length]);
        long[] shape = inputs.shape().stream().mapToLong(Long::longValue).toArray();
        shape[0] = EXAMPLES;
        return Tensors.fromDoubles(inputs.type(), Tensors.shape(shape), values);
    }

    private static Graph moved(Graph graph, Map<String, Tensor> direction, double step) {
        Map<String, Tensor> moved = new LinkedHashMap<>();
        direction.forEach((name, tensor) -> {
            double[] along = Tensors.toDoubles(tensor);
            double[] values = Tensors.toDoubles(graph.constants().get(name));
            Arrays.setAll(values, i -> values[i] + step * along[i]);
            moved.put(name, Tensors.fromDoubles(graph.constants().get(name).type(), tensor.shape(), values));
        });
        return graph.withConstants(moved);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Tensor> evidence(Graph graph, Map<String, Tensor> data, Evidence<?> kind) {
        CrossEntropyLoss loss = new CrossEntropyLoss();
        TestingRunContext run = new TestingRunContext(1);
        Batches batches = Batches.of(graph, new InMemory(EXAMPLES, data), BatchOptions.of(2), run);
        return (Map<String, Tensor>) new EvidenceCollector(
                        graph,
                        TestingAnalysis.of(graph).coupling(),
                        Optional.of(batches),
                        Map.of(),
                        Optional.of(new ChosenLoss(loss, Options.resolve("loss", loss.options(), Map.of()))),
                        new OnnxExecutor(),
                        run,
                        1)
                .collect(Set.of(kind))
                .get(kind);
    }
}
