package io.espalier.adapter.tflite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.adapter.Model;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.lite.schema.ActivationFunctionType;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.CallOptionsT;
import org.tensorflow.lite.schema.TensorType;

/** Files that are not what they should be are refused in one sentence, and nothing else happens. */
class BadFilesTest {

    @TempDir
    Path folder;

    private byte[] honest() {
        TestingTflite model = new TestingTflite(5);
        TestingLayers layers = new TestingLayers(model);
        int x = layers.conv(model.input(1, 6, 6, 3), 4);
        int y = layers.reshape(x, 1, 144);
        return model.bytes(layers.dense(y, 3, ActivationFunctionType.NONE));
    }

    private Path file(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("bad.tflite"), bytes);
    }

    private void refused(byte[] bytes, String because) throws IOException {
        Path file = file(bytes);
        assertThatThrownBy(() -> new TfliteAdapter().open(file))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("bad.tflite")
                .hasMessageContaining(because);
    }

    @Test
    @DisplayName("Other kinds of files")
    void otherKinds() throws IOException {
        refused(new byte[0], "TFL3");
        refused("GIF89a and more".getBytes(StandardCharsets.UTF_8), "TFL3");
        refused("version https://git-lfs.github.com/spec/v1".getBytes(StandardCharsets.UTF_8), "TFL3");
        byte[] other = honest();
        other[7] = '4';
        refused(other, "TFL3");
        byte[] random = new byte[4096];
        new java.util.Random(3).nextBytes(random);
        refused(random, "TFL3");
        assertThatThrownBy(() -> new TfliteAdapter().open(folder)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> new TfliteAdapter().open(folder.resolve("none.tflite")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("does not exist");
    }

    @Test
    @DisplayName("A file that ends early, wherever it ends")
    void truncated() throws IOException {
        byte[] whole = honest();
        for (int length = 8; length < whole.length - 16; length += 37) {
            Path file = file(Arrays.copyOf(whole, length));
            int ends = length;
            assertThatThrownBy(() -> new TfliteAdapter().open(file))
                    .as("cut to %d bytes", ends)
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("damaged");
        }
    }

    @Test
    @DisplayName("Numbers of a network's file exchanged at random: refused or opened, never anything else")
    void tampered() throws IOException {
        assertThat(tamper("network", honest(), 1000)).isGreaterThan(100);
    }

    @Test
    @DisplayName("Numbers of files with every operator exchanged at random")
    void tamperedOperators() throws IOException {
        int refused = 0;
        for (String name : OperatorsTest.cases().toList()) {
            refused += tamper(name, OperatorsTest.file(name), 20);
        }
        assertThat(refused).isGreaterThan(150);
    }

    private int tamper(String name, byte[] whole, int times) throws IOException {
        SplittableRandom random = new SplittableRandom(11);
        int refused = 0;
        for (int i = 0; i < times; i++) {
            byte[] bytes = whole.clone();
            int place = random.nextInt(bytes.length - 4) & ~3;
            int[] values = {-1, 0, Integer.MAX_VALUE, Integer.MIN_VALUE, 0xFFFF, random.nextInt(), random.nextInt(64)};
            ByteBuffer.wrap(bytes)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(place == 4 ? 0 : place, values[random.nextInt(values.length)]);
            Path file = file(bytes);
            try (Model model = new TfliteAdapter().open(file)) {
                model.write(folder.resolve("copy.tflite"), List.of(), Map.of());
            } catch (InvalidInputException e) {
                refused++;
                assertThat(e.getMessage()).contains("bad.tflite");
            } catch (RuntimeException e) {
                throw new AssertionError(name + ", change " + i + " at byte " + place, e);
            }
        }
        return refused;
    }

    @Test
    @DisplayName("Every offset far outside of the file")
    void offsets() throws IOException {
        byte[] root = honest();
        ByteBuffer.wrap(root).order(ByteOrder.LITTLE_ENDIAN).putInt(0, 0x7FFFFFF0);
        refused(root, "outside of the file");
    }

    @Test
    @DisplayName("Payloads and indices that do not fit")
    void disagreements() throws IOException {
        TestingTflite model = new TestingTflite(1);
        int x = model.input(1, 4, 4, 3);
        int weights = model.weights(2, 3, 3, 3);
        model.tensor(weights).setShape(new int[] {2, 3, 3, 4});
        int y = new TestingLayers(model).convolve(x, weights, -1, 1, (byte) 0, (byte) 0);
        refused(model.bytes(y), "needs 288 bytes but its buffer has 216");
        model.tensor(weights).setShape(new int[] {2, 3, 3, 3});
        refused(model.withInput(0, 99).bytes(y), "an operand is number 99");
        model.withInput(0, x);
        model.tensor(weights).setBuffer(77);
        refused(model.bytes(y), "is number 77");
        model.tensor(weights).setBuffer(1);
        model.tensor(weights).setShape(new int[] {-2, 3, 3, 3});
        refused(model.bytes(y), "negative extent");
    }

    @Test
    @DisplayName("Tensors with no origin, two of them, or one that comes too late")
    void origins() throws IOException {
        TestingTflite model = new TestingTflite(1);
        TestingLayers layers = new TestingLayers(model);
        int x = model.input(1, 4, 4, 3);
        int y = layers.conv(x, 4);
        int nowhere = model.value(TensorType.FLOAT32, 1, 4, 4, 3);
        refused(model.bytes(nowhere), "is an output, but nothing computes it");
        refused(model.withInput(0, y).bytes(y), "is read before it is computed");
        refused(model.withInput(0, nowhere).bytes(y), "is read before it is computed");
        model.withInput(0, x);
        model.operator(BuiltinOperator.RELU, "", null, new int[] {x}, y);
        refused(model.bytes(y), "is computed twice");
    }

    @Test
    @DisplayName("An operator without an operand that it needs, or without a result")
    void operands() throws IOException {
        TestingTflite model = new TestingTflite(1);
        int x = model.input(1, 4, 4, 3);
        int y = new TestingLayers(model).conv(x, 4);
        refused(model.withInput(1, -1).bytes(y), "CONV_2D has no operand 1");
        TestingTflite other = new TestingTflite(1);
        other.operator(BuiltinOperator.RELU, "", null, new int[] {other.input(1, 4)}, new int[0]);
        refused(other.bytes(), "RELU has no result");
    }

    @Test
    @DisplayName("An operator that runs a graph that is not there, does not fit, or runs itself")
    void graphs() throws IOException {
        for (int graph = 0; graph < 3; graph++) {
            TestingTflite model = new TestingTflite(1);
            CallOptionsT options = new CallOptionsT();
            options.setSubgraph(graph);
            model.furtherGraph("further", model.buffer(new byte[16]), 1, 4);
            int x = model.input(1, 4);
            int y = model.value(TensorType.FLOAT32, 1, 4);
            int[] operands = graph == 1 ? new int[] {x, x} : new int[] {x};
            model.operator(BuiltinOperator.CALL, "", options, operands, y);
            refused(
                    model.bytes(y),
                    List.of("runs itself", "with other inputs", "graph 2 of 2").get(graph));
        }
    }
}
