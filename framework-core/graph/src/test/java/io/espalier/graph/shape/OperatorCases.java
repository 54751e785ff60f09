package io.espalier.graph.shape;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.espalier.graph.gradient.DifferenceCheck;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.DataType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** Small graphs with symbolic inputs, each compared with onnxruntime at two assignments of the symbols. */
final class OperatorCases {

    private static final List<Map<String, Long>> ASSIGNMENTS = List.of(
            Map.of("n", 2L, "t", 5L, "h", 13L, "w", 10L, "past", 3L),
            Map.of("n", 1L, "t", 4L, "h", 16L, "w", 11L, "past", 6L));

    /** Cases of which differences see nothing but steps: gradients pass straight through. */
    private static final Set<String> STEPPED = Set.of("quantise");

    private final Map<String, TestingGraph> graphs = new LinkedHashMap<>();

    void add(String name, TestingGraph graph) {
        graphs.put(name, graph);
    }

    Stream<DynamicTest> tests() {
        return graphs.entrySet().stream()
                .flatMap(entry -> Stream.of(
                        dynamicTest(entry.getKey(), () -> check(entry.getValue().build())),
                        dynamicTest(
                                entry.getKey() + ", gradients",
                                () -> checkGradients(
                                        entry.getKey(), entry.getValue().build()))));
    }

    private static void checkGradients(String name, Graph graph) {
        if (!STEPPED.contains(name)) {
            differentiate(graph);
        }
    }

    private static void differentiate(Graph graph) {
        ASSIGNMENTS.forEach(extents -> DifferenceCheck.check(graph, ExecutedShapes.inputs(graph, extents), 7));
    }

    private static void check(Graph graph) {
        ExecutedShapes executed = new ExecutedShapes(graph);
        executed.checkComplete();
        ASSIGNMENTS.forEach(extents -> executed.checkDataDependent(ExecutedShapes.inputs(graph, extents)));
    }

    /** A graph with the image {@code x} of four channels. */
    static TestingGraph image() {
        return input("x", DataType.FLOAT32, "n 4 h w");
    }

    static TestingGraph input(String name, DataType type, String shape) {
        return new TestingGraph().input(name, type, shape);
    }
}
