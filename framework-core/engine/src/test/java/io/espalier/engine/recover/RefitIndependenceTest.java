package io.espalier.engine.recover;

import static io.espalier.engine.recover.TestingRefits.data;
import static io.espalier.engine.recover.TestingRefits.refit;
import static io.espalier.engine.recover.TestingRefits.solver;
import static io.espalier.engine.recover.TestingRefits.values;
import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.adapter.onnx.OnnxExecutor;
import io.espalier.graph.operator.Operators;
import io.espalier.spi.compensator.RefitSettings;
import io.espalier.spi.data.BatchOptions;
import io.espalier.spi.data.Batches;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.TestingRunContext;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fitted weights depend on the model, the data and the seed, to the last bit, and on nothing else. */
final class RefitIndependenceTest {

    @ParameterizedTest
    @MethodSource("io.espalier.engine.recover.LinearCase#all")
    void threadsAndBatchesOfTheDataMakeNoDifference(LinearCase each) {
        Graph original = each.graph(1);
        Graph disturbed = original.withConstants(each.constants(101));
        for (int rows : new int[] {0, 3}) {
            Map<String, ByteBuffer> expected = fitted(each, original, disturbed, rows, 8, 1);
            assertThat(fitted(each, original, disturbed, rows, 5, 3))
                    .as(each + ", " + rows + " rows")
                    .isEqualTo(expected);
        }
    }

    private static Map<String, ByteBuffer> fitted(
            LinearCase each, Graph original, Graph disturbed, int rows, int size, int threads) {
        Batches batches =
                Batches.of(disturbed, data(each.input(), 50, 1), BatchOptions.of(size), new TestingRunContext(1));
        try (SequentialRefit refit = refit(original, disturbed, batches, RefitSettings.ofRows(rows), threads)) {
            Map<String, ByteBuffer> bytes = new LinkedHashMap<>();
            values(refit.edits(solver(1e-3))).forEach((name, value) -> bytes.put(name, Tensors.toBytes(value)));
            return bytes;
        }
    }

    /** Values that do not fit on the heap are the same from files, and the files are gone in the end. */
    @ParameterizedTest
    @ValueSource(longs = {0, 9000, Long.MAX_VALUE})
    void valuesAreHeldOnTheHeapOrInFiles(long memory) {
        LinearCase each = LinearCase.all().findFirst().orElseThrow();
        Graph graph = each.graph(1);
        Batches batches = Batches.of(graph, data(each.input(), 20, 1), BatchOptions.of(4), new TestingRunContext(1));
        try (Lanes lanes = new Lanes(2, new TestingRunContext(1));
                Progress progress = new Progress(
                        graph, Operators.standard().infer(graph), new OnnxExecutor(), batches, lanes, memory)) {
            String output = graph.outputs().get(0);
            progress.advance(1, List.of(output));
            int stored = 0;
            for (int batch = 0; batch < batches.count(); batch++) {
                Tensor value = progress.value(batch, output);
                try (var runner =
                        new OnnxExecutor().prepare(graph, io.espalier.spi.execution.GraphExecutor.Settings.DEFAULT)) {
                    assertThat(Tensors.toDoubles(value))
                            .as("batch %d", batch)
                            .containsExactly(Tensors.toDoubles(
                                    runner.run(batches.get(batch).inputs()).get(output)));
                }
                stored += value instanceof StoredTensor ? 1 : 0;
            }
            assertThat(stored).isBetween(memory == Long.MAX_VALUE ? 0 : 1, memory == 0 ? 5 : memory == 9000 ? 4 : 0);
        }
    }
}
