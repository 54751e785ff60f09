package io.espalier.adapter.onnx.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.adapter.onnx.OnnxExecutor;
import io.espalier.adapter.onnx.lift.GraphEncoder;
import io.espalier.adapter.onnx.store.ModelWriter;
import io.espalier.spi.execution.ExecutionException;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.file.TemporaryFolder;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class OrtRunnerTest {

    private static Graph graph(DataType type, Map<String, Tensor> constants, Node... nodes) {
        ValueType x = new ValueType(type, Optional.of(List.of(new Dimension.Symbol("n"))));
        return new Graph("g", Map.of("x", x), List.of("y"), List.of(nodes), constants, Map.of());
    }

    private static Tensor run(Graph graph, Tensor x) {
        try (Runner runner = new OnnxExecutor().prepare(graph, GraphExecutor.Settings.DEFAULT)) {
            assertThat(runner.inputs()).containsExactly("x");
            assertThat(runner.outputs()).containsExactly("y");
            return runner.run(Map.of("x", x)).get("y");
        }
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"UINT16", "UINT32", "UINT64"})
    void everyTypeGoesInAndComesOut(DataType type) {
        Tensor x = Tensors.fromDoubles(type, List.of(5L), 0, 1, 1, 0, 1);
        Graph graph = graph(type, Map.of(), Node.of("Identity", List.of("x"), List.of("y"), Map.of()));
        Tensor y = run(graph, x);
        assertThat(y.type()).isEqualTo(type);
        assertThat(Tensors.toBytes(y)).isEqualTo(Tensors.toBytes(x));
    }

    @ParameterizedTest
    @EnumSource(names = {"UINT16", "UINT32", "UINT64"})
    void typesOnlyTheRuntimeItselfHandlesComeOutOfConstants(DataType type) {
        Tensor constant = Tensors.fromDoubles(type, List.of(3L), 1, 2, 200);
        Graph graph = graph(
                DataType.FLOAT32,
                Map.of("c", constant),
                Node.of("Identity", List.of("c"), List.of("y"), Map.of()),
                Node.of("Neg", List.of("x"), List.of("unread"), Map.of()));
        assertThat(Tensors.toDoubles(run(graph, Tensors.floats(List.of(1L), 1))))
                .containsExactly(1, 2, 200);
        Graph input = graph(type, Map.of(), Node.of("Identity", List.of("x"), List.of("y"), Map.of()));
        assertThatThrownBy(() -> run(input, constant))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining(type.name());
    }

    @Test
    void emptyTensorsPass() {
        Graph graph = graph(DataType.FLOAT32, Map.of(), Node.of("Neg", List.of("x"), List.of("y"), Map.of()));
        assertThat(run(graph, Tensors.floats(List.of(0L))).shape()).containsExactly(0L);
    }

    @Test
    void halfPrecisionIsComputedInHalfPrecision() {
        Tensor weight = Tensors.fromDoubles(DataType.FLOAT16, List.of(2L), 0.1, 3);
        Graph graph =
                graph(DataType.FLOAT16, Map.of("w", weight), Node.of("Mul", List.of("x", "w"), List.of("y"), Map.of()));
        Tensor y = run(graph, Tensors.fromDoubles(DataType.FLOAT16, List.of(2L), 1, 2));
        assertThat(Tensors.toDoubles(y)).containsExactly(0.0999755859375, 6);
    }

    @Test
    void refusalsAreOneLineOfTheRuntimesOwnWords() {
        Graph unknown = graph(DataType.FLOAT32, Map.of(), Node.of("Wonder", List.of("x"), List.of("y"), Map.of()));
        assertThatThrownBy(() -> new OnnxExecutor().prepare(unknown, GraphExecutor.Settings.DEFAULT))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("Wonder")
                .message()
                .doesNotContain("\n");
        Graph neg = graph(DataType.FLOAT32, Map.of(), Node.of("Neg", List.of("x"), List.of("y"), Map.of()));
        assertThatThrownBy(() -> run(neg, Tensors.vector(1))).isInstanceOf(ExecutionException.class);
        assertThatThrownBy(() -> run(neg, Tensors.floats(List.of(1L, 1L), 1)))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("rank");
        try (Runner runner = new OnnxExecutor().prepare(neg, GraphExecutor.Settings.DEFAULT)) {
            assertThatThrownBy(() -> runner.run(Map.of()))
                    .isInstanceOf(ExecutionException.class)
                    .hasMessageContaining("'x'");
        }
    }

    @Test
    void largeGraphsGoThroughATemporaryFileThatIsRemoved() throws Exception {
        ByteBuffer bytes = ByteBuffer.allocate(20 << 20);
        Tensor weight = Tensors.of(DataType.FLOAT32, List.of(5L << 20), bytes);
        Graph graph = graph(
                DataType.FLOAT32,
                Map.of("w", weight),
                Node.of("ReduceSum", List.of("w"), List.of("s"), Map.of()),
                Node.of("Add", List.of("x", "s"), List.of("y"), Map.of()));
        List<Path> before = temporary();
        assertThat(Tensors.toDoubles(run(graph, Tensors.floats(List.of(1L), 7))))
                .containsExactly(7);
        assertThat(temporary()).isEqualTo(before);
    }

    @Test
    void openSessionsOutliveTheirFiles(@TempDir Path folder) throws Exception {
        Tensor weight = Tensors.of(DataType.FLOAT32, List.of(1L << 20), ByteBuffer.allocate(4 << 20));
        Graph graph = graph(
                DataType.FLOAT32,
                Map.of("w", weight),
                Node.of("ReduceSum", List.of("w"), List.of("s"), Map.of()),
                Node.of("Add", List.of("x", "s"), List.of("y"), Map.of()));
        Path file = folder.resolve("graph.onnx");
        new ModelWriter(1000).write(GraphEncoder.encode(graph), Optional.empty(), file);
        try (Runner runner = OrtSessions.open(file, GraphExecutor.Settings.DEFAULT, Map.of())) {
            try (Stream<Path> files = Files.list(folder)) {
                List<Path> both = files.toList();
                assertThat(both).hasSize(2);
                for (Path each : both) {
                    Files.delete(each);
                }
            }
            assertThat(Tensors.toDoubles(runner.run(Map.of("x", Tensors.floats(List.of(1L), 3)))
                            .get("y")))
                    .containsExactly(3);
        }
    }

    private static List<Path> temporary() throws Exception {
        Path ofThisProcess;
        try (TemporaryFolder folder = TemporaryFolder.create()) {
            ofThisProcess = folder.path().getParent();
        }
        try (Stream<Path> listed = Files.list(ofThisProcess)) {
            return listed.sorted().toList();
        }
    }
}
