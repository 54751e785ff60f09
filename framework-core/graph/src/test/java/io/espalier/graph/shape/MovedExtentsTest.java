package io.espalier.graph.shape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.espalier.adapter.onnx.OnnxExecutor;
import io.espalier.graph.shape.RandomMoves.Moved;
import io.espalier.spi.execution.ExecutionException;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Graph;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Operators that move extents, chained at random behind an input any extents of which are open, have the shapes that
 * onnxruntime computes at the sizes they were made for, and at others that it accepts.
 *
 * <p>The system property {@code espalier.randomGraphs} says how many chains are tried.
 */
final class MovedExtentsTest {

    private static final long CHAINS = Long.getLong("espalier.randomGraphs", 150);

    @TestFactory
    Stream<DynamicTest> shapesAreThoseOfARun() {
        return LongStream.range(0, CHAINS)
                .mapToObj(seed -> dynamicTest("seed " + seed, () -> {
                    Moved moved = RandomMoves.of(seed);
                    ExecutedShapes shapes = new ExecutedShapes(moved.graph());
                    shapes.checkComplete();
                    shapes.check(ExecutedShapes.inputs(moved.graph(), moved.sizes()));
                    if (isAccepted(moved.graph(), moved.larger())) {
                        shapes.check(ExecutedShapes.inputs(moved.graph(), moved.larger()));
                    }
                }));
    }

    @Test
    void otherSizesAreMostlyAccepted() {
        long accepted = LongStream.range(0, CHAINS)
                .mapToObj(RandomMoves::of)
                .filter(moved -> isAccepted(moved.graph(), moved.larger()))
                .count();
        assertThat(accepted).isGreaterThan(CHAINS / 2);
    }

    private static boolean isAccepted(Graph graph, Map<String, Long> sizes) {
        try (Runner runner = new OnnxExecutor().prepare(graph, Settings.PLAIN)) {
            runner.run(ExecutedShapes.inputs(graph, sizes));
            return true;
        } catch (ExecutionException refused) {
            return false;
        }
    }
}
