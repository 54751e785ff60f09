package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.dist.Launcher.Result;
import io.espalier.events.JournalReader;
import io.espalier.events.v1.PruningEvent;
import io.espalier.events.v1.PruningEvent.PayloadCase;
import io.espalier.events.v1.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command of the README, in the assembled folder, as a process of its own. */
class PruneEndToEndTest {

    private static final Path MODEL = Launcher.example("fashion-resnet20.onnx");
    private static final long ORIGINAL_MACS = 31_021_952;

    @TempDir
    private static Path folder;

    private static Path pruned;
    private static Result result;

    @BeforeAll
    static void prune() {
        pruned = folder.resolve("pruned.onnx");
        result = new Launcher(folder)
                .run(
                        "prune",
                        MODEL,
                        "--target",
                        "macs=50%",
                        "--data",
                        Launcher.example("fashion-mnist-test.npz"),
                        "--repair",
                        "bn",
                        "--calibration",
                        Launcher.example("fashion-mnist-calibration.npz"),
                        "--latency-runs",
                        "20",
                        "-o",
                        pruned,
                        "--json");
    }

    @Test
    @DisplayName("It is proved, meets its target, and says what was gained")
    void report() throws IOException {
        assertThat(result.exitCode()).as(result.err()).isZero();
        JsonNode json = new ObjectMapper().readTree(result.out());

        assertThat(json.at("/schema").asText()).isEqualTo("espalier.prune.v1");
        assertThat(json.at("/original/macs").asLong()).isEqualTo(ORIGINAL_MACS);
        assertThat(json.at("/pruned/macs").asLong())
                .isLessThanOrEqualTo(ORIGINAL_MACS / 2)
                .isGreaterThan(ORIGINAL_MACS * 45 / 100);
        assertThat(json.at("/pruned/bytes").asLong()).isEqualTo(Files.size(pruned));
        assertThat(json.at("/verification/outcome").asText()).isEqualTo("proved");
        assertThat(json.at("/original/accuracy").asDouble()).isBetween(0.92, 0.94);
        assertThat(json.at("/pruned/accuracy").asDouble())
                .isGreaterThan(json.at("/accuracyAfterCut").asDouble())
                .isLessThan(json.at("/original/accuracy").asDouble());
        assertThat(json.at("/latency/originalMedianNanos").asLong()).isPositive();
        assertThat(json.at("/latency/prunedMedianNanos").asLong()).isPositive();
    }

    @Test
    @DisplayName("The journal tells the whole story in order")
    void journal() throws IOException {
        List<PruningEvent> events =
                JournalReader.read(folder.resolve("pruned.onnx.events")).events();

        assertThat(events.get(0).getRunStarted().getPluginsList())
                .extracting(Setting::getName)
                .contains("espalier-adapter-onnx", "espalier-criterion-magnitude");
        assertThat(events.stream()
                        .map(PruningEvent::getPayloadCase)
                        .filter(payload ->
                                payload != PayloadCase.PROGRESS_REPORTED && payload != PayloadCase.WORK_STARTED)
                        .distinct())
                .startsWith(PayloadCase.RUN_STARTED, PayloadCase.MODEL_LIFTED, PayloadCase.GROUPS_FOUND)
                .contains(
                        PayloadCase.SCORED,
                        PayloadCase.PLANNED,
                        PayloadCase.OPERATED,
                        PayloadCase.VERIFIED,
                        PayloadCase.REPAIRED,
                        PayloadCase.EVALUATED,
                        PayloadCase.LATENCY_MEASURED,
                        PayloadCase.SAVED)
                .endsWith(PayloadCase.RUN_FINISHED);
    }

    @Test
    @DisplayName("verify proves the cut of a repaired model and names what the repair changed")
    void verifyRepaired() {
        Result verified = new Launcher(folder).run("verify", MODEL, folder.resolve("pruned.onnx.plan.json"), pruned);

        assertThat(verified.exitCode()).as(verified.err() + verified.out()).isZero();
        assertThat(verified.out())
                .startsWith("proved")
                .contains("42 constants recovered by 'bn' after the cut, as the plan records");
    }
}
