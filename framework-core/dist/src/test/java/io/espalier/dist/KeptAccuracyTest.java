package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.api.Espalier;
import io.espalier.api.PruneResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Half of the operations removed, weights fitted to unlabelled images: trained networks keep their accuracy. */
class KeptAccuracyTest {

    private static final Path DATA = Launcher.example("fashion-mnist-test.npz");
    private static final Path CALIBRATION = Launcher.example("fashion-mnist-calibration.npz");

    @TempDir
    private Path folder;

    @ParameterizedTest(name = "{0}")
    @DisplayName("Least squares loses less than these points, and gives the same bytes again")
    @CsvSource({
        "fashion-resnet20, global, mean, 1.4",
        "fashion-mobilenet, uniform, sum, 1.4",
        "fashion-vit, global, mean, 1.4"
    })
    void halfOfTheOperations(String network, String allocator, String normalisation, double points) throws Exception {
        PruneResult first = prune(network, allocator, normalisation, folder.resolve("first.onnx"));
        PruneResult second = prune(network, allocator, normalisation, folder.resolve("second.onnx"));

        double before = first.original().evaluation().orElseThrow().value();
        double after = first.pruned().evaluation().orElseThrow().value();
        assertThat(first.proof().isProved()).isTrue();
        assertThat(first.pruned().cost().macs())
                .isLessThanOrEqualTo(first.original().cost().macs() / 2);
        assertThat(after).as("%s", first.repair()).isGreaterThan(before - points / 100);
        assertThat(first.repair().orElseThrow().weights())
                .allMatch(weight -> !(weight.errorAfter() > weight.errorBefore()));
        assertThat(Files.mismatch(folder.resolve("first.onnx"), folder.resolve("second.onnx")))
                .isEqualTo(-1);
        assertThat(second.repair()).isEqualTo(first.repair());
    }

    private static PruneResult prune(String network, String allocator, String normalisation, Path output) {
        try (Espalier espalier =
                Espalier.builder().plugins(Launcher.home().resolve("plugins")).build()) {
            return espalier.prune(Launcher.example(network + ".onnx"))
                    .target("macs=50%")
                    .criterion("l2")
                    .allocator(allocator)
                    .normalise(normalisation)
                    .data(DATA)
                    .repair("obs", Map.of(), CALIBRATION)
                    .withoutLatency()
                    .to(output);
        }
    }
}
