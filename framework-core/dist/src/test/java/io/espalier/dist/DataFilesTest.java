package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.api.InputRefusedException.Reason;
import io.espalier.dist.Launcher.Result;
import io.espalier.testkit.TestingNpz;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data that does not fit the model is refused, and data that is odd is reported: array and row are named. */
class DataFilesTest {

    private static final int EXAMPLES = 16;
    private static final int PIXELS = 28 * 28;
    private static final int FAILED = 1;
    private static final Path FIELD =
            Path.of("src", "test", "resources", "field").toAbsolutePath();

    private static final Path MODEL = Launcher.example("fashion-resnet20.onnx");

    @TempDir
    private Path folder;

    private TestingPruner pruned;

    @BeforeEach
    void open() {
        pruned = new TestingPruner(folder);
    }

    @AfterEach
    void close() {
        pruned.close();
    }

    @Test
    @DisplayName("An element that is NaN or infinite is refused with its array and row")
    void elementsThatAreNotFinite() throws IOException {
        for (float odd : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            float[] images = images();
            images[11 * PIXELS + 5] = odd;

            TestingPruner.Result result = pruned.prune(MODEL, file(npz(images, labels())));

            assertThat(result.fault()).isEmpty();
            assertThat(result.sentence()).get().asString().contains("The array 'image' holds " + odd + " in row 11");
            assertThat(result.refused()).contains(Reason.TASK);
        }
    }

    @Test
    @DisplayName("A label that is no class of the model is refused with its array and row")
    void labelsOutOfRange() throws IOException {
        for (long odd : new long[] {99, 10, -1}) {
            long[] labels = labels();
            labels[7] = odd;

            TestingPruner.Result result = pruned.prune(MODEL, file(npz(images(), labels)));

            assertThat(result.sentence())
                    .get()
                    .asString()
                    .contains("The array 'label' holds the label " + odd + " in row 7", "classes 0 to 9");
            assertThat(result.refused()).contains(Reason.TASK);
        }
    }

    @Test
    @DisplayName("Bytes for an input of floats are fed as they are, which is reported")
    void bytesForFloats() throws IOException {
        byte[] images = new byte[EXAMPLES * PIXELS];
        new Random(3).nextBytes(images);
        images[0] = (byte) 255;
        TestingNpz data = new TestingNpz()
                .array("image", "|u1", "(" + EXAMPLES + ", 1, 28, 28)", images)
                .array("label", "<i8", "(" + EXAMPLES + ",)", TestingNpz.longs(ByteOrder.LITTLE_ENDIAN, labels()));

        Result result = prune(file(data));

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.err())
                .contains("The array 'image' holds whole numbers up to 255", "takes FLOAT32", "scale the array");
        assertThat(result.out()).contains("accuracy on " + EXAMPLES + " examples");
    }

    @Test
    @DisplayName("Files of the field: a label that is no class, an image that is no number, bytes that were not scaled")
    void filesOfTheField() throws IOException {
        Result label = prune(FIELD.resolve("label99.npz"));
        assertThat(label.exitCode()).as(label.err()).isEqualTo(FAILED);
        assertThat(label.err()).contains("The array 'label' holds the label 99 in row 0", "classes 0 to 9");

        Result nan = prune(FIELD.resolve("nan.npz"));
        assertThat(nan.exitCode()).as(nan.err()).isEqualTo(FAILED);
        assertThat(nan.err()).contains("The array 'image' holds NaN in row 0");

        Result bytes = prune(FIELD.resolve("uint8.npz"));
        assertThat(bytes.exitCode()).as(bytes.err()).isZero();
        assertThat(bytes.err()).contains("The array 'image' holds whole numbers up to ", "takes FLOAT32");
    }

    private Path file(TestingNpz data) throws IOException {
        return Files.write(folder.resolve("data.npz"), data.stored());
    }

    private Result prune(Path file) {
        return new Launcher(folder)
                .run(
                        "prune",
                        MODEL,
                        "--target",
                        "macs=80%",
                        "--data",
                        file,
                        "--no-latency",
                        "-o",
                        folder.resolve("pruned.onnx"));
    }

    private static TestingNpz npz(float[] images, long[] labels) {
        return new TestingNpz()
                .array(
                        "image",
                        "<f4",
                        "(" + EXAMPLES + ", 1, 28, 28)",
                        TestingNpz.floats(ByteOrder.LITTLE_ENDIAN, images))
                .array("label", "<i8", "(" + EXAMPLES + ",)", TestingNpz.longs(ByteOrder.LITTLE_ENDIAN, labels));
    }

    private static float[] images() {
        Random random = new Random(1);
        float[] images = new float[EXAMPLES * PIXELS];
        for (int i = 0; i < images.length; i++) {
            images[i] = random.nextFloat();
        }
        return images;
    }

    private static long[] labels() {
        return new Random(2).longs(EXAMPLES, 0, 10).toArray();
    }
}
