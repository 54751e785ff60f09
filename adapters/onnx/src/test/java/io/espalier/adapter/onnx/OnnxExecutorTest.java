package io.espalier.adapter.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.management.ThreadMXBean;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.execution.GraphExecutor.Purpose;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Session;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.contract.ExecutorContract;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OnnxExecutorTest extends ExecutorContract {

    private static final int STEPS = 50;
    private static final long LARGE = 4L << 20;

    @Override
    protected GraphExecutor executor() {
        return new OnnxExecutor();
    }

    /** sum := sum + x, and how many elements there are. */
    private static Graph sum() {
        ValueType vector = new ValueType(DataType.FLOAT32, Optional.of(List.of(new Dimension.Symbol("n"))));
        ValueType scalar = new ValueType(DataType.FLOAT32, Optional.of(List.of()));
        Map<String, ValueType> inputs = new LinkedHashMap<>();
        inputs.put("sum", vector);
        inputs.put("x", scalar);
        return new Graph(
                "sum",
                inputs,
                List.of("next", "size"),
                List.of(
                        Node.of("Add", List.of("sum", "x"), List.of("next"), Map.of()),
                        Node.of("Size", List.of("sum"), List.of("size"), Map.of())),
                Map.of(),
                Map.of());
    }

    @Test
    void stateNeverPassesThroughTheHeap() {
        Tensor zeros = Tensors.of(DataType.FLOAT32, List.of(LARGE), ByteBuffer.allocate((int) LARGE * 4));
        Map<String, Tensor> one = Map.of("x", Tensors.floats(List.of(), 1));
        try (Session session =
                new OnnxExecutor().prepare(sum(), Settings.of(Purpose.TRAINING), Map.of("sum", "next"))) {
            session.run(Map.of("sum", zeros, "x", one.get("x")));
            long heap = allocated();
            long direct = direct();
            for (int step = 1; step < STEPS; step++) {
                assertThat(Tensors.toLongs(session.run(one).get("size"))).containsExactly(LARGE);
            }
            assertThat(allocated() - heap)
                    .as("bytes on the heap in %d steps", STEPS)
                    .isLessThan(LARGE * 4);
            assertThat(direct() - direct).as("bytes in direct buffers").isLessThan(LARGE * 4);
            assertThat(Tensors.toFloats(session.state().get("sum"))[7]).isEqualTo(STEPS);
        }
    }

    @Test
    void inputsThatAreGivenInEachRunDoNotPileUp() {
        Map<String, Tensor> given = Map.of(
                "sum",
                Tensors.of(DataType.FLOAT32, List.of(LARGE), ByteBuffer.allocate((int) LARGE * 4)),
                "x",
                Tensors.floats(List.of(), 1));
        try (Session session = new OnnxExecutor().prepare(sum(), Settings.of(Purpose.EVALUATION))) {
            session.run(given);
            long direct = direct();
            for (int step = 1; step < STEPS; step++) {
                session.run(given);
            }
            assertThat(direct() - direct).as("bytes in direct buffers").isLessThan(LARGE * 4);
        }
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    private static long direct() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    @Test
    void asManyThreadsWorkAsAskedFor() throws IOException {
        Path tasks = Path.of("/proc/self/task");
        assumeThat(tasks).isDirectory();
        try (Session first = new OnnxExecutor().prepare(sum(), Settings.DEFAULT)) {
            long before = count(tasks);
            try (Session six = new OnnxExecutor().prepare(sum(), Settings.DEFAULT.withThreads(6))) {
                assertThat(count(tasks) - before).isBetween(4L, 7L);
                assertThat(six.inputs()).isEqualTo(first.inputs());
            }
        }
    }

    private static long count(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.count();
        }
    }
}
