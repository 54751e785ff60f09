package io.espalier.engine.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.espalier.adapter.onnx.OnnxExecutor;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.model.HardCases;
import io.espalier.testkit.model.Networks;
import io.espalier.testkit.model.RandomGraphs;
import io.espalier.testkit.model.RandomInputs;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every graph that other tests build upon runs, and gives numbers that depend on its input. */
final class ZooRunsTest {

    private static final GraphExecutor EXECUTOR = new OnnxExecutor();

    @TestFactory
    Stream<DynamicTest> networksRun() {
        return Networks.small().entrySet().stream()
                .map(entry ->
                        dynamicTest(entry.getKey(), () -> run(entry.getValue().apply(1))));
    }

    @TestFactory
    Stream<DynamicTest> hardCasesRun() {
        return HardCases.all().stream().map(hard -> dynamicTest(hard.name(), () -> run(hard.graph())));
    }

    @TestFactory
    Stream<DynamicTest> plainRandomGraphsRun() {
        return LongStream.range(0, 100)
                .mapToObj(seed -> dynamicTest(
                        "seed " + seed, () -> run(RandomGraphs.plain(seed).graph())));
    }

    @TestFactory
    Stream<DynamicTest> exoticRandomGraphsRun() {
        return LongStream.range(0, 100)
                .mapToObj(seed -> dynamicTest(
                        "seed " + seed, () -> run(RandomGraphs.exotic(seed).graph())));
    }

    private static void run(Graph graph) {
        try (Runner runner = EXECUTOR.prepare(graph, GraphExecutor.Settings.DEFAULT)) {
            for (RandomInputs inputs : List.of(RandomInputs.FIRST, RandomInputs.SECOND)) {
                runner.run(inputs.of(graph, 1)).forEach(ZooRunsTest::checkFiniteAndVaried);
            }
        }
    }

    private static void checkFiniteAndVaried(String name, Tensor output) {
        double[] values = Tensors.toDoubles(output);
        assertThat(Arrays.stream(values).allMatch(Double::isFinite)).as(name).isTrue();
        double lowest = Arrays.stream(values).min().orElseThrow();
        double highest = Arrays.stream(values).max().orElseThrow();
        assertThat(highest - lowest).as("range of %s", name).isGreaterThan(1e-4);
    }
}
