package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.api.Cancellation;
import io.espalier.api.CancelledException;
import io.espalier.api.Cut;
import io.espalier.api.Espalier;
import io.espalier.api.EspalierException;
import io.espalier.api.PruneRequest;
import io.espalier.api.PruneResult;
import io.espalier.api.Training;
import io.espalier.api.VerifyResult;
import io.espalier.api.When;
import io.espalier.events.v1.EpochEnded;
import io.espalier.events.v1.PruningEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models that are pruned while they are trained. */
class ScheduledPruningTest {

    /** All its scales are one constant of the file. */
    private static final String UNTRAINED = "fashion-resnet20-untrained.onnx";

    private static final String SMALL = "resnet.s11.onnx";

    @TempDir
    private Path folder;

    private static Espalier espalier() {
        return Espalier.builder().plugins(Launcher.home().resolve("plugins")).build();
    }

    /** Cuts after 2, 4 and 6 of 8 steps. */
    private static PruneRequest request(Espalier espalier, String file, TrainedFormats.Examples examples) {
        return espalier.prune(TrainedFormats.model(file))
                .target("macs=60%")
                .whileTraining(examples, training(4), When.DURING)
                .schedule("linear", Map.of("end", "0.75"))
                .steps(3)
                .withoutLatency();
    }

    private static TrainedFormats.Examples examples(String file) {
        return file.equals(SMALL) ? TrainedFormats.stripes(file, 16, 3, 5) : TrainedFormats.stripes(file, 28, 1, 10);
    }

    private static Training training(int epochs) {
        return Training.of(epochs).batch(16).learningRate(0.003).validationSplit(0);
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName(
            "Every format: each cut has a plan and a proof, the last is the composition, and the file is proved again")
    @CsvSource({
        "vgg-open.float.tflite, 32, 3, 10",
        "fashion-cnn-dl4j.zip, 28, 1, 10",
        "mobilenet-v3.s13.onnx, 32, 3, 5",
        "fashion-resnet20-untrained.onnx, 28, 1, 10"
    })
    void formats(String file, long size, long channels, int classes) throws IOException {
        TrainedFormats.Examples examples = TrainedFormats.stripes(file, size, channels, classes);
        Path output = folder.resolve(file);
        List<PruningEvent> events = new ArrayList<>();
        try (Espalier espalier = espalier()) {
            PruneResult pruned =
                    request(espalier, file, examples).onEvent(events::add).to(output);
            VerifyResult verified = espalier.verify(
                            TrainedFormats.model(file), pruned.files().plan(), output)
                    .run();

            assertThat(verified.differences()).isEmpty();
            assertThat(verified.proof().isProved())
                    .as(verified.proof().reason())
                    .isTrue();
            assertThat(verified.recovery()).contains("training");
            assertThat(pruned.cuts()).extracting(Cut::step).containsExactly(2L, 4L, 6L);
            assertThat(pruned.cuts())
                    .extracting(cut -> cut.cost().macs())
                    .isSortedAccordingTo((a, b) -> Long.compare(b, a));
            for (Cut cut : pruned.cuts()) {
                Path replayed = folder.resolve("replayed").resolve(file);
                Files.createDirectories(replayed.getParent());
                PruneResult again = espalier.prune(TrainedFormats.model(file))
                        .plan(cut.plan())
                        .withoutLatency()
                        .to(replayed);
                assertThat(again.pruned().cost().macs()).isEqualTo(cut.cost().macs());
            }
            assertThat(pruned.pruned().cost().macs())
                    .isEqualTo(pruned.cuts().get(2).cost().macs());
            assertThat(pruned.training().orElseThrow().losses()).hasSize(4);
        }
        assertThat(events.stream().filter(PruningEvent::hasPlanned)).hasSize(3);
        assertThat(events.stream().filter(PruningEvent::hasVerified)).hasSize(4);
        assertThat(events.stream().filter(PruningEvent::hasEpochEnded).map(PruningEvent::getEpochEnded))
                .extracting(EpochEnded::getEpoch)
                .containsExactly(1, 2, 3, 4);
    }

    @ParameterizedTest(name = "{0} after {1} epochs, going back: {2}")
    @DisplayName("A run that was stopped goes on with the same bytes")
    @CsvSource({SMALL + ", 1, false", SMALL + ", 2, false", UNTRAINED + ", 3, false", SMALL + ", 2, true"})
    void resumes(String file, int epochs, boolean rewinds) throws IOException {
        TrainedFormats.Examples examples = examples(file);
        Path whole = Files.createDirectory(folder.resolve("whole")).resolve("pruned.onnx");
        Path stopped = Files.createDirectory(folder.resolve("stopped")).resolve("pruned.onnx");
        try (Espalier espalier = espalier()) {
            PruneRequest request = request(espalier, file, examples);
            PruneRequest asked = rewinds
                    ? request.schedule("linear", Map.of("start", "0.75", "end", "1"))
                            .rewind(1)
                    : request;
            asked.to(whole);
            interrupted(asked, epochs, stopped);
            assertThat(stopped).doesNotExist();
            assertThat(stopped.resolveSibling("pruned.onnx.checkpoint")).exists();
            asked.resume().to(stopped);
            assertThat(stopped.resolveSibling("pruned.onnx.checkpoint")).doesNotExist();
        }
        for (String end : List.of("", ".plan.json", ".plan.1.json", ".plan.2.json", ".plan.3.json")) {
            assertThat(Files.readAllBytes(stopped.resolveSibling("pruned.onnx" + end)))
                    .as(end)
                    .isEqualTo(Files.readAllBytes(whole.resolveSibling("pruned.onnx" + end)));
        }
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("A schedule that looks at the choice of channels cuts when it has settled, also after an interruption")
    @CsvSource({"early-bird, masks=3, 3", "stable, window=2, 3"})
    void settles(String schedule, String option, int epochs) throws IOException {
        TrainedFormats.Examples examples = examples(SMALL);
        Path whole = Files.createDirectory(folder.resolve("whole")).resolve("pruned.onnx");
        Path stopped = Files.createDirectory(folder.resolve("stopped")).resolve("pruned.onnx");
        String[] named = option.split("=");
        try (Espalier espalier = espalier()) {
            PruneRequest request = espalier.prune(TrainedFormats.model(SMALL))
                    .target("macs=60%")
                    .whileTraining(examples, training(6).learningRate(1e-6), When.DURING)
                    .schedule(schedule, Map.of(named[0], named[1], "end", "1"))
                    .withoutLatency();
            PruneResult pruned = request.to(whole);
            assertThat(pruned.cuts()).extracting(Cut::step).containsExactly(2L * epochs);
            assertThat(pruned.notes()).anyMatch(note -> note.contains("had settled"));
            assertThat(pruned.training().orElseThrow().losses()).hasSize(6);

            interrupted(request, 2, stopped);
            request.resume().to(stopped);
        }
        assertThat(stopped).hasSameBinaryContentAs(whole);
        assertThat(stopped.resolveSibling("pruned.onnx.plan.json"))
                .hasSameBinaryContentAs(whole.resolveSibling("pruned.onnx.plan.json"));
    }

    @ParameterizedTest(name = "pruned while it is trained: {0}, after {1} epochs")
    @DisplayName("A training after the cut that was stopped goes on with the same bytes, and leaves nothing behind")
    @CsvSource({"false, 1", "false, 2", "true, 1", "true, 4"})
    void resumesFineTuning(boolean isScheduled, int epochs) throws IOException {
        TrainedFormats.Examples examples = examples(SMALL);
        Path whole = Files.createDirectory(folder.resolve("whole")).resolve("pruned.onnx");
        Path stopped = Files.createDirectory(folder.resolve("stopped")).resolve("pruned.onnx");
        try (Espalier espalier = espalier()) {
            PruneRequest plain = espalier.prune(TrainedFormats.model(SMALL))
                    .target("macs=60%")
                    .fineTune(examples, training(3))
                    .withoutLatency();
            PruneRequest request = isScheduled
                    ? plain.whileTraining(examples, training(2), When.DURING).steps(1)
                    : plain;
            request.to(whole);
            interrupted(request, epochs, stopped);
            assertThat(stopped).doesNotExist();
            request.resume().to(stopped);
        }
        assertThat(stopped).hasSameBinaryContentAs(whole);
        assertThat(stopped.resolveSibling("pruned.onnx.plan.json"))
                .hasSameBinaryContentAs(whole.resolveSibling("pruned.onnx.plan.json"));
        assertThat(stopped.getParent())
                .isDirectoryNotContaining(file -> file.toString().endsWith(".checkpoint"));
    }

    @Test
    @DisplayName("Plans of cuts that an earlier run made and this one did not are gone; a run without cuts names them")
    void plansOfAnEarlierRun() {
        TrainedFormats.Examples examples = examples(SMALL);
        Path output = folder.resolve("pruned.onnx");
        try (Espalier espalier = espalier()) {
            PruneRequest request = espalier.prune(TrainedFormats.model(SMALL))
                    .target("macs=60%")
                    .withoutLatency();
            PruneRequest during = request.whileTraining(examples, training(1), When.DURING);
            during.steps(2).to(output);
            assertThat(folder.resolve("pruned.onnx.plan.2.json")).exists();
            during.steps(1).to(output);
            assertThat(folder.resolve("pruned.onnx.plan.1.json")).exists();
            assertThat(folder.resolve("pruned.onnx.plan.2.json")).doesNotExist();
            assertThat(request.to(output).notes())
                    .anyMatch(note -> note.contains("pruned.onnx.plan.1.json beside the result"));
        }
    }

    /** Stops a run after so many epochs. */
    private static void interrupted(PruneRequest request, int epochs, Path output) {
        Cancellation cancellation = new Cancellation();
        int[] left = {epochs};
        PruneRequest interrupted = request.cancelledBy(cancellation).onEvent(event -> {
            left[0] -= event.hasEpochEnded() ? 1 : 0;
            if (left[0] == 0) {
                cancellation.cancel();
            }
        });
        assertThatThrownBy(() -> interrupted.to(output)).isInstanceOf(CancelledException.class);
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("Before and after training, with a repair, and with epochs after the last cut")
    @CsvSource({"BEFORE, false", "AFTER, false", "DURING, true"})
    void moments(When when, boolean repairs) {
        String file = repairs ? UNTRAINED : SMALL;
        TrainedFormats.Examples examples = examples(file);
        try (Espalier espalier = espalier()) {
            PruneRequest request = espalier.prune(TrainedFormats.model(file))
                    .target("params=60%")
                    .whileTraining(examples, training(2), when)
                    .fineTune(examples, training(1))
                    .withoutLatency();
            PruneResult pruned = (repairs ? request.steps(2).repair("bn", Map.of(), examples) : request)
                    .to(folder.resolve("pruned.onnx"));
            assertThat(pruned.cuts())
                    .extracting(Cut::step)
                    .containsExactlyElementsOf(
                            when == When.BEFORE ? List.of(0L) : when == When.AFTER ? List.of(4L) : List.of(1L, 2L));
            assertThat(pruned.training().orElseThrow().losses()).hasSize(3);
            assertThat(pruned.proof().isProved()).isTrue();
        }
    }

    @Test
    @DisplayName("What cannot be done is said in one sentence")
    void refused() {
        TrainedFormats.Examples examples = examples(SMALL);
        Path output = folder.resolve("pruned.onnx");
        try (Espalier espalier = espalier()) {
            PruneRequest request = request(espalier, SMALL, examples);
            assertThatThrownBy(() -> request.target("macs=100%").to(output))
                    .isInstanceOf(EspalierException.class)
                    .hasMessageContaining("is met before anything is removed");
            assertThatThrownBy(() -> request.target("macs=0.1%").to(output))
                    .isInstanceOf(EspalierException.class)
                    .hasMessageContaining("0.1%");
            assertThatThrownBy(() -> request.rewind(4).to(output)).hasMessageContaining("give an epoch from 0 to 3");
            assertThatThrownBy(() -> request.schedule("one-shot", Map.of()).to(output))
                    .hasMessageContaining("has no number of steps");
            assertThatThrownBy(() -> request.schedule("cubist", Map.of()).to(output))
                    .hasMessageContaining("cubic");
            PruneRequest untrained = espalier.prune(TrainedFormats.model(SMALL))
                    .target("macs=50%")
                    .rewind(1);
            assertThatThrownBy(() -> untrained.to(output)).hasMessageContaining("while it is trained");
        }
        assertThat(output).doesNotExist();
    }
}
