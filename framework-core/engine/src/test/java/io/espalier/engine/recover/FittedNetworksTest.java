package io.espalier.engine.recover;

import static io.espalier.engine.recover.TestingRefits.random;
import static io.espalier.engine.recover.TestingRefits.refit;
import static io.espalier.engine.recover.TestingRefits.solver;
import static io.espalier.engine.recover.TestingRefits.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.adapter.onnx.OnnxAdapter;
import io.espalier.adapter.onnx.OnnxExecutor;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.data.BatchOptions;
import io.espalier.spi.data.Batches;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.GraphIndex;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.TestingRunContext;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Weights of whole networks are fitted. */
final class FittedNetworksTest {

    /** What is reported of a weight is what the finished network does: no later change touches what it sees. */
    @ParameterizedTest
    @ValueSource(strings = {"vit-multihead.s14", "bert.d18", "mobilenet-v3.s13", "swin.s13", "resnext.s13"})
    void reportedErrorsAreThoseOfTheFinishedNetwork(String name) throws Exception {
        Path file =
                Path.of(getClass().getResource("/exported/" + name + ".onnx").toURI());
        try (Model model = new OnnxAdapter().open(file)) {
            Graph original = model.graph();
            SplittableRandom random = new SplittableRandom(name.hashCode());
            Map<String, Tensor> noisy = new LinkedHashMap<>();
            original.constants().forEach((constant, value) -> {
                if (value.type() == DataType.FLOAT32 && value.shape().size() > 1) {
                    float[] elements = Tensors.toFloats(value);
                    for (int i = 0; i < elements.length; i++) {
                        elements[i] *= 1 + 0.3 * random.nextGaussian();
                    }
                    noisy.put(constant, Tensors.floats(value.shape(), elements));
                }
            });
            Graph disturbed = original.withConstants(noisy);
            TestingRefits.InMemory data = inputs(original, 16);
            SequentialRefit refit = refit(original, disturbed, data);
            Graph finished = disturbed.withConstants(values(refit.edits(solver(1e-3))));

            List<FittedWeight> fitted =
                    refit.fitted().stream().filter(FittedWeight::isChanged).toList();
            assertThat(fitted).as(name + " " + refit.fitted()).isNotEmpty();
            double[][] errors = errors(original, finished, fitted, data);
            for (int i = 0; i < errors.length; i++) {
                assertThat(errors[i][0] / errors[i][1])
                        .as(name + " " + fitted.get(i))
                        .isCloseTo(
                                fitted.get(i).after(),
                                within(1e-3 + 1e-2 * fitted.get(i).after()));
            }
        }
    }

    /** Squared differences of what nodes compute, and squares, over the batches that are held back. */
    private static double[][] errors(
            Graph original, Graph finished, List<FittedWeight> fitted, TestingRefits.InMemory data) {
        List<String> nodes = fitted.stream().map(FittedWeight::node).toList();
        List<String> sums = nodes.stream().map(node -> sum(node, finished)).toList();
        double[][] errors = new double[fitted.size()][2];
        Batches batches = Batches.of(original, data, BatchOptions.of(2), new TestingRunContext(1));
        try (Runner then =
                        new OnnxExecutor().prepare(original.withOutputs(nodes).withOutputs(sums), Settings.PLAIN);
                Runner now = new OnnxExecutor().prepare(finished.withOutputs(sums), Settings.PLAIN)) {
            for (int batch = 7; batch < batches.count(); batch += 8) {
                Map<String, Tensor> targets = then.run(batches.get(batch).inputs());
                Map<String, Tensor> found = now.run(batches.get(batch).inputs());
                for (int i = 0; i < errors.length; i++) {
                    double[] squared = Tensors.toDoubles(targets.get(nodes.get(i)));
                    double[] target = Tensors.toDoubles(targets.get(sums.get(i)));
                    double[] value = Tensors.toDoubles(found.get(sums.get(i)));
                    for (int k = 0; k < target.length; k++) {
                        errors[i][0] += (target[k] - value[k]) * (target[k] - value[k]);
                        errors[i][1] += squared[k] * squared[k];
                    }
                }
            }
        }
        return errors;
    }

    /** Where a bias behind the weight is added. */
    private static String sum(String node, Graph graph) {
        GraphIndex index = GraphIndex.of(graph);
        if (index.readers(node).isEmpty()) {
            return node;
        }
        Node reader = index.readers(node).get(0).node();
        boolean adds =
                reader.operator().equals("Add") && reader.inputs().stream().anyMatch(graph.constants()::containsKey);
        return adds ? reader.id() : node;
    }

    private static TestingRefits.InMemory inputs(Graph graph, int examples) {
        SplittableRandom random = new SplittableRandom(5);
        Map<String, Tensor> arrays = new LinkedHashMap<>();
        graph.inputs().forEach((input, type) -> {
            List<Dimension> extents = type.shape().orElseThrow();
            long[] shape = new long[extents.size()];
            for (int axis = 0; axis < shape.length; axis++) {
                shape[axis] =
                        axis == 0 ? examples : extents.get(axis) instanceof Dimension.Fixed fixed ? fixed.extent() : 16;
            }
            Tensor normal = random(random, shape);
            arrays.put(
                    input,
                    type.type().isFloating()
                            ? normal
                            : Tensors.fromDoubles(
                                    type.type(),
                                    normal.shape(),
                                    Arrays.stream(Tensors.toDoubles(normal))
                                            .map(value -> value > 0 ? 1 : 0)
                                            .toArray()));
        });
        return new TestingRefits.InMemory(examples, arrays);
    }
}
