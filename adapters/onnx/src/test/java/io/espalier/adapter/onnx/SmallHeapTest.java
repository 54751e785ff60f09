package io.espalier.adapter.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.adapter.onnx.proto.ModelProto;
import io.espalier.adapter.onnx.proto.TensorProto;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.execution.ExecutionException;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models far larger than the heap, processed in a virtual machine of their own that has almost none. */
class SmallHeapTest {

    private static final int HEAP_MEGABYTES = 40;
    private static final long ROWS = 256;
    private static final long COLUMNS = 1 << 18;

    @TempDir
    Path folder;

    @Test
    void aModelLargerThanTheHeapIsSlicedAndWritten() throws Exception {
        Path file = sparseModel();
        Path target = folder.resolve("sliced.onnx");
        assertThat(run("slice", file, target)).isEmpty();
        try (Model model = new OnnxAdapter().open(target)) {
            Tensor sliced = model.graph().constants().get("w");
            assertThat(sliced.shape()).containsExactly(2L, COLUMNS);
            ByteBuffer last = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
            sliced.read(2 * COLUMNS - 1, last);
            assertThat(last.getFloat(0)).isEqualTo(42);
        }
    }

    @Test
    void externalDataBeyondTwoGibibytesIsRead() throws Exception {
        long size = (1L << 31) + 4096;
        TestingProto proto = TestingProto.opset(17)
                .input("x", DataType.FLOAT32, 1)
                .node("Neg", "x", "y")
                .output("y");
        TensorProto.Builder weight = proto.graph()
                .addInitializerBuilder()
                .setName("w")
                .setDataType(2)
                .addDims(size / 4096)
                .addDims(4096);
        weight.setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalDataBuilder()
                .setKey("location")
                .setValue("big.data");
        Path file = proto.save(folder.resolve("big.onnx"));
        try (FileChannel data = FileChannel.open(
                folder.resolve("big.data"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.SPARSE)) {
            data.write(ByteBuffer.wrap(new byte[] {7}), size - 1);
        }
        Path target = folder.resolve("small.onnx");
        try (Model model = new OnnxAdapter().open(file)) {
            assertThat(model.byteSize()).isGreaterThan(size);
            model.write(target, List.of(new Edit.Keep("w", 0, new int[] {0, (int) (size / 4096) - 1})), Map.of());
        }
        try (Model model = new OnnxAdapter().open(target)) {
            ByteBuffer last = ByteBuffer.allocate(1);
            model.graph().constants().get("w").read(2 * 4096 - 1, last);
            assertThat(last.get(0)).isEqualTo((byte) 7);
        }
    }

    @Test
    void theRuntimePrintsNothingOfItsOwn() throws Exception {
        assertThat(run("fail", folder, folder)).isEmpty();
    }

    /** 256 MiB of zeros but for the last element; the file system need not store them. */
    private Path sparseModel() throws IOException {
        Path file = folder.resolve("large.onnx");
        ModelProto model = TestingProto.opset(17)
                .input("x", DataType.FLOAT32, 1)
                .node("Neg", "x", "y")
                .output("y")
                .build();
        byte[] rest = model.toBuilder().clearGraph().build().toByteArray();
        byte[] graph = model.getGraph().toByteArray();
        long payload = ROWS * COLUMNS * 4;
        byte[] head = TensorProto.newBuilder()
                .setName("w")
                .setDataType(1)
                .addDims(ROWS)
                .addDims(COLUMNS)
                .build()
                .toByteArray();
        ByteBuffer bytes = ByteBuffer.allocate(4096);
        long tensorSize = head.length + 1 + 5 + payload;
        bytes.put(rest);
        header(bytes, 7, graph.length + 1 + 5 + tensorSize);
        bytes.put(graph);
        header(bytes, 5, tensorSize);
        bytes.put(head);
        header(bytes, 9, payload);
        try (FileChannel out = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE)) {
            int start = bytes.position();
            out.write(bytes.flip());
            ByteBuffer last =
                    ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(0, 42);
            out.write(last, start + payload - 4);
        }
        return file;
    }

    /** A field header whose length always takes five bytes. */
    private static void header(ByteBuffer bytes, int field, long length) {
        bytes.put((byte) (field << 3 | 2));
        for (int i = 0; i < 4; i++) {
            bytes.put((byte) (length >>> 7 * i & 0x7F | 0x80));
        }
        bytes.put((byte) (length >>> 28));
    }

    /** Runs {@link #main} with a small heap; returns what it printed. */
    private static String run(String what, Path from, Path to) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xmx" + HEAP_MEGABYTES + "m",
                        "-cp",
                        System.getProperty("surefire.real.class.path", System.getProperty("java.class.path")),
                        SmallHeapTest.class.getName(),
                        what,
                        from.toString(),
                        to.toString())
                .redirectErrorStream(true)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(printed).isZero();
        return printed;
    }

    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("slice")) {
            slice(Path.of(arguments[1]), Path.of(arguments[2]));
        } else {
            failInEveryWay();
        }
    }

    private static void slice(Path file, Path target) {
        try (Model model = new OnnxAdapter().open(file)) {
            model.digest();
            Path copy = target.resolveSibling("copy.onnx");
            model.write(copy, List.of(), Map.of("note", "unchanged weights"));
            int[] half =
                    IntStream.range(0, (int) COLUMNS).filter(i -> i % 2 == 0).toArray();
            model.write(copy, List.of(new Edit.Keep("w", 1, half)), Map.of());
            model.write(target, List.of(new Edit.Keep("w", 0, new int[] {0, (int) ROWS - 1})), Map.of());
        }
    }

    private static void failInEveryWay() {
        Graph graph = new Graph(
                "g",
                Map.of(),
                List.of("y"),
                List.of(Node.of("Wonder", List.of(), List.of("y"), Map.of())),
                Map.of(),
                Map.of());
        expectRefusal(graph);
        Graph reshape = new Graph(
                "g",
                Map.of(),
                List.of("y"),
                List.of(Node.of("Reshape", List.of("a", "b"), List.of("y"), Map.of())),
                Map.of("a", Tensors.vector(1, 2, 3), "b", Tensors.vector(2, 2)),
                Map.of());
        expectRefusal(reshape);
    }

    private static void expectRefusal(Graph graph) {
        try {
            new OnnxExecutor().prepare(graph, GraphExecutor.Settings.PLAIN).run(Map.of());
            throw new AssertionError("the runtime accepted nonsense");
        } catch (ExecutionException e) {
            // What this test is about is that nothing but this exception tells of it.
        }
    }
}
