package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.api.Espalier;
import io.espalier.api.FineTuned;
import io.espalier.api.PruneResult;
import io.espalier.api.TrainResult;
import io.espalier.api.TrainedEpoch;
import io.espalier.api.Training;
import io.espalier.api.VerifyResult;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Training of models of each format, alone and after a cut. */
class TrainedFormatsTest {

    @TempDir
    private Path folder;

    @ParameterizedTest(name = "{0}")
    @DisplayName("The loss falls, and the runtime of the format computes with the trained weights")
    @CsvSource({"resnet.float.tflite, 32, 3, 10", "fashion-cnn-dl4j.zip, 28, 1, 10", "fashion-mobilenet.onnx, 28, 1, 10"
    })
    void trained(String file, long size, long channels, int classes) {
        TrainedFormats.Examples examples = TrainedFormats.stripes(file, size, channels, classes);
        Path output = folder.resolve(file);
        try (Espalier espalier = espalier()) {
            TrainResult result = espalier.train(TrainedFormats.model(file))
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
        TrainedFormats.Examples examples = TrainedFormats.stripes(file, size, channels, classes);
        Path output = folder.resolve(file);
        try (Espalier espalier = espalier()) {
            PruneResult pruned = espalier.prune(TrainedFormats.model(file))
                    .target("macs=60%")
                    .data(examples)
                    .fineTune(examples, training(3).teacherShare(0.2))
                    .withoutLatency()
                    .to(output);
            VerifyResult verified = espalier.verify(
                            TrainedFormats.model(file), pruned.files().plan(), output)
                    .run();

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
}
