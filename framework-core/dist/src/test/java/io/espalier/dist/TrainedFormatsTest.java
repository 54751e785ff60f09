package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.api.Espalier;
import io.espalier.api.FineTuned;
import io.espalier.api.PruneResult;
import io.espalier.api.TrainResult;
import io.espalier.api.TrainedEpoch;
import io.espalier.api.Training;
import io.espalier.api.VerifyResult;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Training of models of each format, alone and after a cut. */
class TrainedFormatsTest {

    private static final Path TFLITE =
            Path.of("..", "..", "adapters", "tflite", "src", "test", "resources", "networks");
    private static final int EXAMPLES = 32;

    @TempDir
    private Path folder;

    private record Examples(long size, Map<String, Tensor> arrays) implements Dataset {}

    @ParameterizedTest(name = "{0}")
    @DisplayName("The loss falls, and the runtime of the format computes with the trained weights")
    @CsvSource({"resnet.float.tflite, 32, 3, 10", "fashion-cnn-dl4j.zip, 28, 1, 10", "fashion-mobilenet.onnx, 28, 1, 10"
    })
    void trained(String file, long size, long channels, int classes) {
        Examples examples = stripes(file, size, channels, classes);
        Path output = folder.resolve(file);
        try (Espalier espalier = espalier()) {
            TrainResult result = espalier.train(model(file))
                    .examples(examples)
                    .data(examples)
                    .training(training(6))
                    .to(output, epoch -> {});

            List<TrainedEpoch> epochs = result.epochs();
            assertThat(epochs.get(5).loss())
                    .as("%s", epochs)
                    .isLessThan(0.7 * epochs.get(0).loss());
            double learned = result.after().orElseThrow().value();
            assertThat(learned).isGreaterThan(result.before().orElseThrow().value() + 0.2);
            assertThat(result.weights()).hasSizeGreaterThan(5);
        }
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("A pruned model is trained, its plan says so, and the file is proved again")
    @CsvSource({"resnet.float.tflite, 32, 3, 10", "fashion-cnn-dl4j.zip, 28, 1, 10", "fashion-mobilenet.onnx, 28, 1, 10"
    })
    void fineTuned(String file, long size, long channels, int classes) {
        Examples examples = stripes(file, size, channels, classes);
        Path output = folder.resolve(file);
        try (Espalier espalier = espalier()) {
            PruneResult pruned = espalier.prune(model(file))
                    .target("macs=60%")
                    .data(examples)
                    .fineTune(examples, training(3).teacherShare(0.2))
                    .withoutLatency()
                    .to(output);
            VerifyResult verified =
                    espalier.verify(model(file), pruned.files().plan(), output).run();

            FineTuned training = pruned.training().orElseThrow();
            assertThat(training.teacher()).contains("original");
            assertThat(training.losses().get(2)).isLessThan(training.losses().get(0));
            assertThat(pruned.report()).contains("\"training\"", "cross-entropy", "adamw");
            assertThat(verified.proof().isProved())
                    .as(verified.proof().reason())
                    .isTrue();
            assertThat(verified.differences()).isEmpty();
            assertThat(verified.recovery()).contains("training");
        }
    }

    private static Training training(int epochs) {
        return Training.of(epochs).batch(16).learningRate(0.003).validationSplit(0);
    }

    private static Espalier espalier() {
        return Espalier.builder().plugins(Launcher.home().resolve("plugins")).build();
    }

    private static Path model(String file) {
        return file.endsWith(".tflite") ? TFLITE.resolve(file) : Launcher.example(file);
    }

    /** Images of noise, brighter where a band of the class lies. */
    private static Examples stripes(String file, long size, long channels, int classes) {
        boolean last = file.endsWith(".tflite");
        SplittableRandom random = new SplittableRandom(2);
        int side = (int) size;
        int depth = (int) channels;
        float[] elements = new float[EXAMPLES * side * side * depth];
        long[] labels = new long[EXAMPLES];
        for (int example = 0; example < EXAMPLES; example++) {
            labels[example] = example % Math.min(classes, 4);
            for (int i = 0; i < side * side * depth; i++) {
                int row = last ? i / depth / side : i / side % side;
                double band = row * 4 / side == labels[example] ? 2 : 0;
                elements[example * side * side * depth + i] = (float) (band + random.nextDouble(-1, 1));
            }
        }
        List<Long> shape =
                last ? List.of((long) EXAMPLES, size, size, channels) : List.of((long) EXAMPLES, channels, size, size);
        Map<String, Tensor> arrays = new LinkedHashMap<>();
        arrays.put("image", Tensors.floats(shape, elements));
        arrays.put("label", Tensors.vector(labels));
        return new Examples(EXAMPLES, arrays);
    }
}
