package io.espalier.engine.coupling.propagate;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.engine.verify.TestingPruning;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.model.GraphBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Integers are positions as a rule; a bias of 32 bits that is dequantised has channels. */
final class QuantisedBiasTest {

    private static final long CHANNELS = 5;

    @Test
    void aDequantisedBiasGoesWithItsFilters() {
        GraphBuilder graph = new GraphBuilder("quantised", 7);
        String x = graph.input("x", "batch", 4);
        String weight =
                graph.constant("weight", Tensors.fromDoubles(DataType.INT8, List.of(CHANNELS, 4L), numbers(20)));
        String bias = graph.constant("bias", Tensors.fromDoubles(DataType.INT32, List.of(CHANNELS), numbers(5)));
        String layer = graph.follow(
                graph.node("Gemm", List.of(x, dequantised(graph, weight), dequantised(graph, bias)), "transB", 1),
                "batch",
                CHANNELS);
        graph.output(graph.gemm("last", graph.relu(layer), 2));
        TestingPruning pruning = TestingPruning.of(graph.build());

        assertThat(pruning.groups()).singleElement().satisfies(group -> {
            assertThat(group.channels()).hasSize((int) CHANNELS);
            assertThat(group.labelledAxes().stream()
                            .map(labelledAxis -> labelledAxis.use().constant()))
                    .contains("weight", "bias", "last.weight");
        });
    }

    private static double[] numbers(int count) {
        double[] numbers = new double[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = i % 7 - 3;
        }
        return numbers;
    }

    private static String dequantised(GraphBuilder graph, String value) {
        return graph.node("DequantizeLinear", List.of(value, graph.constant(Tensors.floats(List.of(), 0.25f))));
    }
}
