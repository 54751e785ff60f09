package io.espalier.adapter.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.adapter.onnx.store.ModelWriter;
import io.espalier.adapter.support.OutputChannels;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.adapter.AdapterContext;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BadFilesTest {

    @TempDir
    Path folder;

    private static void assertRefused(Path file, String... says) {
        assertThatThrownBy(() -> new OnnxAdapter().open(file).close())
                .isInstanceOf(InvalidInputException.class)
                .message()
                .contains(file.toString())
                .contains(List.of(says))
                .doesNotContain("\n");
    }

    private Path write(byte... bytes) throws IOException {
        return Files.write(folder.resolve("bad.onnx"), bytes);
    }

    @Test
    void filesThatAreNotThere() {
        assertRefused(folder.resolve("gone.onnx"), "there is no file");
        assertRefused(folder.resolve("no-folder").resolve("gone.onnx"), "there is no file");
        assertRefused(folder, "is a folder");
    }

    @Test
    void filesThatHoldSomethingElse() throws IOException {
        assertRefused(write(), "is empty");
        assertRefused(
                write("version https://git-lfs.github.com/spec/v1\n".getBytes(StandardCharsets.UTF_8)), "text file");
        assertRefused(write("<html>\u00fc".getBytes(StandardCharsets.UTF_8)), "text file");
        assertRefused(write(new byte[] {'P', 'K', 3, 4, 0, 0, 0, 0}), "not an ONNX model");
        assertRefused(write(new byte[5000]), "not an ONNX model");
    }

    @TestFactory
    Stream<DynamicTest> randomBytes() {
        return IntStream.range(0, 200)
                .mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> {
                    byte[] bytes = new byte[1 + new Random(seed).nextInt(5000)];
                    new Random(seed).nextBytes(bytes);
                    assertRefused(write(bytes), "");
                }));
    }

    @Test
    void everyTruncationIsRefused() throws IOException {
        byte[] whole = Files.readAllBytes(TestingModels.examples().resolve("fashion-mobilenet.onnx"));
        Random random = new Random(1);
        for (int i = 0; i < 60; i++) {
            int length = i < 30 ? 1 + i * 7 : 1 + random.nextInt(whole.length - 1);
            assertRefused(write(Arrays.copyOf(whole, length)), "");
        }
        assertRefused(write(Arrays.copyOf(whole, whole.length / 2)), "cut off after");
    }

    /** A damaged model may open or be refused, but never end in a stack trace. */
    @TestFactory
    Stream<DynamicTest> flippedBytes() {
        return IntStream.range(0, 300)
                .mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> {
                    byte[] bytes = small().build().toByteArray();
                    Random random = new Random(seed);
                    for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                    }
                    try (Model model = new OnnxAdapter().open(write(bytes))) {
                        assertThat(model.graph()).isNotNull();
                    } catch (InvalidInputException e) {
                        assertThat(e).message().contains("bad.onnx").doesNotContain("\n");
                    }
                }));
    }

    private static TestingProto small() {
        return TestingProto.opset(9)
                .input("x", DataType.FLOAT32, -1, 4)
                .constant("w", Tensors.floats(Tensors.shape(4, 2), 1, 2, 3, 4, 5, 6, 7, 8))
                .node("Constant", "", "c", TestingProto.value("value", Tensors.floats(List.of(2L), 1, 2)))
                .node("MatMul", "x w", "h")
                .node("Add", "h c", "b")
                .node("Clip", "b", "r", TestingProto.real("min", 0))
                .node("Unsqueeze", "r", "u", TestingProto.ints("axes", 2))
                .node("Softmax", "u", "y", TestingProto.integer("axis", 1))
                .output("y", DataType.FLOAT32);
    }

    @Test
    void modelsWithoutAGraph() throws IOException {
        TestingProto proto = small();
        proto.model().clearGraph();
        assertRefused(TestingProto.save(proto.model().build(), folder.resolve("bad.onnx")), "holds no graph");
    }

    @Test
    void zeroSizedTensorsAndOddNumbersAreNoProblem() throws IOException {
        Path file = TestingProto.opset(17)
                .input("x", DataType.FLOAT32, 2, 0)
                .constant("w", Tensors.floats(Tensors.shape(0, 3)))
                .constant("n", Tensors.floats(List.of(3L), Float.NaN, Float.POSITIVE_INFINITY, -0f))
                .node("MatMul", "x w", "h")
                .node("Add", "h n", "y")
                .output("y")
                .save(folder.resolve("odd.onnx"));
        Path copy = folder.resolve("copy.onnx");
        try (Model model = new OnnxAdapter().open(file)) {
            assertThat(Tensors.toDoubles(model.graph().constants().get("n"))).startsWith(Double.NaN);
            model.write(copy, List.of(new Edit.Keep("n", 0, new int[] {0, 1})), Map.of());
        }
        try (Model model = new OnnxAdapter().open(copy)) {
            assertThat(Tensors.toDoubles(model.graph().constants().get("n")))
                    .containsExactly(Double.NaN, Double.POSITIVE_INFINITY);
            assertThat(model.graph().constants().get("w").shape()).containsExactly(0L, 3L);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.onnx", "MODEL.ONNX", "anything.bin"})
    void recognisesModelsByTheirContent(String name) {
        byte[] head = Arrays.copyOf(small().build().toByteArray(), 64);
        assertThat(new OnnxAdapter().recognises(Path.of(name), head)).isTrue();
    }

    @Test
    void recognisesBrokenModelsByTheirName() {
        OnnxAdapter adapter = new OnnxAdapter();
        assertThat(adapter.recognises(Path.of("x.onnx"), new byte[0])).isTrue();
        assertThat(adapter.recognises(Path.of("x.tflite"), "\u0018\0\0\0TFL3".getBytes(StandardCharsets.UTF_8)))
                .isFalse();
        assertThat(adapter.recognises(Path.of("x.txt"), "words".getBytes(StandardCharsets.UTF_8)))
                .isFalse();
        assertThat(adapter.recognises(Path.of("x"), new byte[0])).isFalse();
    }

    private void assertNotWritten(Path target, String says) throws IOException {
        Path file = small().save(folder.resolve("model.onnx"));
        try (Model model = new OnnxAdapter().open(file)) {
            assertThatThrownBy(() -> model.write(target, List.of(), Map.of()))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining(says)
                    .hasMessageContaining(target.toString());
        }
    }

    @Test
    void targetsThatCannotBeWritten() throws IOException {
        Path plain = Files.writeString(folder.resolve("plain"), "kept");
        assertNotWritten(plain.resolve("out.onnx"), "is a file, not a folder");
        assertNotWritten(folder.resolve("no").resolve("out.onnx"), "there is no folder");
        assertNotWritten(folder, "it is a folder");
        assertNotWritten(Path.of("/dev/full"), "device");
        assertNotWritten(folder.resolve("n".repeat(300)), "cannot write");
        assertThat(plain).hasContent("kept");
        assertThat(files()).containsExactlyInAnyOrder(plain, folder.resolve("model.onnx"));
    }

    @TestFactory
    Stream<DynamicTest> aDeviceThatFillsUpDamagesNothing() {
        return Stream.of(0L, 1L, 100L, 3_000L, 500_000L)
                .map(room -> DynamicTest.dynamicTest("room for " + room, () -> {
                    Path file = folder.resolve("example.onnx");
                    Files.copy(TestingModels.examples().resolve("fashion-mobilenet.onnx"), file);
                    byte[] before = Files.readAllBytes(file);
                    OutputChannels full = path -> new FullDevice(OutputChannels.FILES.create(path), room);
                    for (long limit : new long[] {Long.MAX_VALUE, 1000}) {
                        try (OnnxModel model = OnnxModel.open(file, AdapterContext.of(new OnnxAdapter()))) {
                            assertThatThrownBy(
                                            () -> model.write(file, List.of(), Map.of(), new ModelWriter(full, limit)))
                                    .isInstanceOf(InvalidInputException.class)
                                    .hasMessageContaining("No space left on device")
                                    .hasMessageContaining("nothing was changed");
                        }
                    }
                    assertThat(Files.readAllBytes(file)).isEqualTo(before);
                    assertThat(files()).containsExactly(file);
                    Files.delete(file);
                }));
    }

    @Test
    void aLinkAsTargetIsFollowed() throws IOException {
        Path real = Files.createDirectory(folder.resolve("real")).resolve("old.onnx");
        Files.writeString(real, "old");
        Path link = Files.createSymbolicLink(folder.resolve("link.onnx"), real);
        Path file = small().save(folder.resolve("model.onnx"));
        try (Model model = new OnnxAdapter().open(file)) {
            model.write(link, List.of(), Map.of());
        }
        assertThat(Files.isSymbolicLink(link)).isTrue();
        assertThat(real).hasSameBinaryContentAs(file);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> listed = Files.list(folder)) {
            return listed.toList();
        }
    }

    /** A device with room for so many bytes. */
    private static final class FullDevice implements WritableByteChannel {

        private final WritableByteChannel device;
        private long room;

        FullDevice(WritableByteChannel device, long room) {
            this.device = device;
            this.room = room;
        }

        @Override
        public int write(ByteBuffer bytes) throws IOException {
            if (room < bytes.remaining()) {
                throw new IOException("No space left on device");
            }
            room -= bytes.remaining();
            return device.write(bytes);
        }

        @Override
        public boolean isOpen() {
            return device.isOpen();
        }

        @Override
        public void close() throws IOException {
            device.close();
        }
    }
}
