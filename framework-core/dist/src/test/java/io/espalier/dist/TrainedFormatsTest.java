package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.api.Espalier;
import io.espalier.api.FineTuned;
import io.espalier.api.OutputFiles;
import io.espalier.api.PruneResult;
import io.espalier.api.TrainRequest;
import io.espalier.api.TrainResult;
import io.espalier.api.TrainedEpoch;
import io.espalier.api.Training;
import io.espalier.api.VerifyResult;
import io.espalier.events.JournalReader;
import io.espalier.events.v1.PruningEvent;
import io.espalier.events.v1.PruningEvent.PayloadCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
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

    @Test
    @DisplayName("The journal of a training tells what was measured, each epoch, and what was saved")
    void journal() throws IOException {
        String file = "fashion-mobilenet.onnx";
        TrainedFormats.Examples examples = TrainedFormats.stripes(file, 28, 1, 10);
        Path output = folder.resolve(file);
        try (Espalier espalier = espalier()) {
            TrainResult result = espalier.train(TrainedFormats.model(file))
                    .examples(examples)
                    .data(examples)
                    .training(training(2))
                    .to(output, epoch -> {});

            List<PruningEvent> events =
                    JournalReader.read(result.files().journal()).events();
            assertThat(events.get(0).getRunStarted().getCommand()).isEqualTo("train");
            assertThat(events.stream()
                            .map(PruningEvent::getPayloadCase)
                            .filter(Set.of(
                                    PayloadCase.EVALUATED,
                                    PayloadCase.EPOCH_ENDED,
                                    PayloadCase.SAVED,
                                    PayloadCase.RUN_FINISHED)::contains))
                    .containsExactly(
                            PayloadCase.EVALUATED,
                            PayloadCase.EPOCH_ENDED,
                            PayloadCase.EPOCH_ENDED,
                            PayloadCase.EVALUATED,
                            PayloadCase.SAVED,
                            PayloadCase.SAVED,
                            PayloadCase.RUN_FINISHED);
            assertThat(Files.readString(result.files().report())).isEqualTo(result.report());
        }
    }

    @Test
    @DisplayName("A training that diverges leaves the file that was there, and its journal says why")
    void diverged() throws IOException {
        String file = "fashion-mobilenet.onnx";
        Path output = folder.resolve(file);
        Files.writeString(output, "of before");
        try (Espalier espalier = espalier()) {
            TrainRequest request = espalier.train(TrainedFormats.model(file))
                    .examples(TrainedFormats.stripes(file, 28, 1, 10))
                    .training(training(3).learningRate(1e30));
            assertThatThrownBy(() -> request.to(output, epoch -> {})).hasMessageContaining("diverges");
        }
        List<PruningEvent> events =
                JournalReader.read(OutputFiles.of(output).journal()).events();
        assertThat(events.get(events.size() - 1).getRunFailed().getMessage()).contains("diverges");
        assertThat(Files.readString(output)).isEqualTo("of before");
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
