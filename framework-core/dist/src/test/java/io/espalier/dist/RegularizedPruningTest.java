package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.api.Cancellation;
import io.espalier.api.CancelledException;
import io.espalier.api.Espalier;
import io.espalier.api.PruneRequest;
import io.espalier.api.PruneResult;
import io.espalier.api.Training;
import io.espalier.api.VerifyResult;
import io.espalier.api.When;
import io.espalier.dist.TrainedFormats.Examples;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models of every format that a regularizer prepares for their cut. */
class RegularizedPruningTest {

    private static final String TARGET = "macs=60%";
    private static final double SAME = 1e-5;

    @TempDir
    private Path folder;

    @ParameterizedTest(name = "{0}, {1}")
    @DisplayName("Trained and then cut, or in one run: the cut takes zeros, changes no output, is proved and replayed")
    @CsvSource({
        "hesso, resnet.s11.onnx, 16, 3, 5",
        "hesso, vgg-open.float.tflite, 32, 3, 10",
        "hesso, fashion-cnn-dl4j.zip, 28, 1, 10",
        "resrep, resnet.s11.onnx, 16, 3, 5"
    })
    void exact(String regularizer, String file, long size, long channels, int classes) throws IOException {
        Examples examples = TrainedFormats.stripes(file, size, channels, classes);
        Examples measured = measured(examples, classes);
        Path model = TrainedFormats.model(file);
        Path trained = place("trained", file);
        try (Espalier espalier = espalier()) {
            espalier.train(model)
                    .examples(examples)
                    .training(training().regularizer(regularizer, periods(), TARGET))
                    .to(trained, epoch -> {});
            PruneResult cut =
                    choice(espalier.prune(trained)).data(measured).metric("mse").to(place("cut", file));
            double before = cut.original().evaluation().orElseThrow().value();

            assertThat(cut.evaluationAfterCut().orElseThrow().value()).isCloseTo(before, within(SAME * before));
            assertThat(cut.pruned().cost().macs())
                    .isLessThanOrEqualTo(cut.original().cost().macs() * 6 / 10);

            PruneResult after = whileTraining(espalier, regularizer, model, examples, When.AFTER)
                    .data(measured)
                    .metric("mse")
                    .to(place("after", file));
            assertThat(after.pruned().evaluation().orElseThrow().value()).isCloseTo(before, within(SAME * before));
            assertSameWidths(after, cut);
            assertProved(espalier, model, after);

            PruneResult during = whileTraining(espalier, regularizer, model, examples, When.DURING)
                    .schedule("one-shot", Map.of("at", "0.5"))
                    .to(place("during", file));
            assertThat(during.cuts()).hasSize(1);
            assertProved(espalier, model, during);
        }
    }

    @ParameterizedTest(name = "{0}, {1}")
    @DisplayName("Matrices that the training adds are merged into files of the other formats, too")
    @CsvSource({"resrep, vgg-open.float.tflite, 32, 3, 10", "resrep, fashion-cnn-dl4j.zip, 28, 1, 10"})
    @EnabledIfSystemProperty(named = "espalier.thorough", matches = "true")
    void exactInOtherFormats(String regularizer, String file, long size, long channels, int classes)
            throws IOException {
        exact(regularizer, file, size, channels, classes);
    }

    @Test
    @DisplayName("Before each of several cuts, and a run that was stopped between them ends with the same bytes")
    void severalCuts() throws IOException {
        String file = "resnet.s11.onnx";
        Examples examples = TrainedFormats.stripes(file, 16, 3, 5);
        Path model = TrainedFormats.model(file);
        Path whole = place("whole", file);
        Path stopped = place("stopped", file);
        try (Espalier espalier = espalier()) {
            PruneRequest request = whileTraining(espalier, "hesso", model, examples, When.DURING)
                    .schedule("linear", Map.of("end", "0.9"))
                    .steps(2);
            PruneResult pruned = request.to(whole);
            assertThat(pruned.cuts()).hasSize(2);
            assertProved(espalier, model, pruned);

            Cancellation cancellation = new Cancellation();
            int[] left = {3};
            PruneRequest interrupted = request.cancelledBy(cancellation).onEvent(event -> {
                left[0] -= event.hasEpochEnded() ? 1 : 0;
                if (left[0] == 0) {
                    cancellation.cancel();
                }
            });
            assertThatThrownBy(() -> interrupted.to(stopped)).isInstanceOf(CancelledException.class);
            request.resume().to(stopped);
        }
        for (String end : List.of("", ".plan.json", ".plan.1.json", ".plan.2.json")) {
            assertThat(stopped.resolveSibling(file + end)).hasSameBinaryContentAs(whole.resolveSibling(file + end));
        }
    }

    /** From the files, and from the plan. */
    private void assertProved(Espalier espalier, Path model, PruneResult pruned) throws IOException {
        VerifyResult verified = espalier.verify(
                        model, pruned.files().plan(), pruned.files().model())
                .run();
        assertThat(verified.proof().isProved()).as(verified.proof().reason()).isTrue();
        assertThat(verified.differences()).isEmpty();
        assertThat(verified.recovery()).contains("training");
        Path first = replayed(espalier, model, pruned, "first");
        Path second = replayed(espalier, model, pruned, "second");
        assertThat(second).hasSameBinaryContentAs(first);
    }

    private Path replayed(Espalier espalier, Path model, PruneResult pruned, String name) throws IOException {
        Path output = place(name, model.getFileName().toString());
        PruneResult again = espalier.prune(model)
                .plan(pruned.files().plan())
                .withoutLatency()
                .to(output);
        assertSameWidths(again, pruned);
        return output;
    }

    private static void assertSameWidths(PruneResult one, PruneResult other) {
        assertThat(one.pruned().cost().macs()).isEqualTo(other.pruned().cost().macs());
        assertThat(one.pruned().cost().parameters())
                .isEqualTo(other.pruned().cost().parameters());
    }

    private static PruneRequest whileTraining(
            Espalier espalier, String regularizer, Path model, Examples examples, When when) {
        return choice(espalier.prune(model))
                .whileTraining(examples, training().regularizer(regularizer, periods()), when);
    }

    /** The smallest channels of all groups first. */
    private static PruneRequest choice(PruneRequest request) {
        return request.target(TARGET)
                .criterion("l2")
                .normalise("none")
                .allocator("global")
                .roundTo(1)
                .withoutLatency();
    }

    private static Training training() {
        return Training.of(4)
                .batch(8)
                .optimizer("sgd", Map.of())
                .learningRate(0.02)
                .validationSplit(0);
    }

    /** Zeros well before the cut, however early it comes. */
    private static Map<String, String> periods() {
        return Map.of("periods", "3", "end", "0.8");
    }

    /** The same images with targets of noise for every output, which a change of any output moves. */
    private static Examples measured(Examples examples, int classes) {
        SplittableRandom random = new SplittableRandom(7);
        float[] targets = new float[(int) examples.size() * classes];
        for (int i = 0; i < targets.length; i++) {
            targets[i] = (float) random.nextDouble(-1, 1);
        }
        Map<String, Tensor> arrays = new LinkedHashMap<>();
        arrays.put("image", examples.arrays().get("image"));
        arrays.put("label", Tensors.floats(List.of(examples.size(), (long) classes), targets));
        return new Examples(examples.size(), arrays);
    }

    private Path place(String name, String file) throws IOException {
        return Files.createDirectories(folder.resolve(name)).resolve(file);
    }

    private static Espalier espalier() {
        return Espalier.builder().plugins(Launcher.home().resolve("plugins")).build();
    }
}
