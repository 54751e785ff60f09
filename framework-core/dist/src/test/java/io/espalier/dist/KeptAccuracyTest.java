package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.api.Espalier;
import io.espalier.api.PruneRequest;
import io.espalier.api.PruneResult;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Half of the operations removed, weights fitted to unlabelled images: trained networks keep their accuracy. */
class KeptAccuracyTest {

    private static final Path DATA = Launcher.example("fashion-mnist-test.npz");
    private static final Path CALIBRATION = Launcher.example("fashion-mnist-calibration.npz");

    @TempDir
    private Path folder;

    @ParameterizedTest(name = "{0}, {1}")
    @DisplayName("With calibration data and no other setting, half of the operations cost at most these points")
    @CsvSource("fashion-resnet20, 50, 91.5")
    void recipe(String network, int share, double least) {
        PruneResult result = prune(network, share, folder.resolve("pruned.onnx"));

        assertThat(result.proof().isProved()).isTrue();
        assertThat((double) result.pruned().cost().macs()
                        / result.original().cost().macs())
                .isLessThanOrEqualTo(share / 100.0);
        assertThat(100 * result.pruned().evaluation().orElseThrow().value())
                .as("%s", result.repair())
                .isGreaterThanOrEqualTo(least);
        assertThat(result.repair().orElseThrow().weights())
                .allMatch(weight -> !(weight.errorAfter() > weight.errorBefore()));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @DisplayName("Cuts that not every build makes keep their accuracy, too")
    @CsvSource({"fashion-mobilenet, 50, 89.3", "fashion-vit, 50, 82.5", "fashion-vit, 33, 79.0"})
    @EnabledIfSystemProperty(named = "espalier.thorough", matches = "true")
    void others(String network, int share, double least) {
        recipe(network, share, least);
    }

    @Test
    @DisplayName("The same inputs give the same bytes")
    void sameBytes() throws Exception {
        PruneResult first = prune("fashion-mobilenet", 33, folder.resolve("first.onnx"));
        PruneResult second;
        try (Espalier espalier = open()) {
            second = request(espalier, "fashion-mobilenet", 33).to(folder.resolve("second.onnx"));
        }

        assertThat(100 * first.pruned().evaluation().orElseThrow().value()).isGreaterThanOrEqualTo(87.0);
        assertThat(Files.mismatch(folder.resolve("first.onnx"), folder.resolve("second.onnx")))
                .isEqualTo(-1);
        assertThat(second.repair()).isEqualTo(first.repair());
    }

    private static PruneResult prune(String network, int share, Path output) {
        try (Espalier espalier = open()) {
            return request(espalier, network, share).data(DATA).to(output);
        }
    }

    private static Espalier open() {
        return Espalier.builder().plugins(Launcher.home().resolve("plugins")).build();
    }

    private static PruneRequest request(Espalier espalier, String network, int share) {
        return espalier.prune(Launcher.example(network + ".onnx"))
                .target("macs=" + share + "%")
                .calibration(CALIBRATION)
                .withoutLatency();
    }
}
