package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.api.Espalier;
import io.espalier.api.Inspection;
import io.espalier.api.PlanResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A U-Net with group norms and attention: heads and groups go as a whole, so that half of the units is more than half. */
class WideUnitsTest {

    private static final Path UNET = Path.of("../engine/src/test/resources/field/unet-attention.onnx");
    private static final Path QUANTISED =
            Path.of("../../adapters/tflite/src/test/resources/networks/mobilenet-v1.int8.tflite");
    private static final String ATTENTION = "/attn/qkv/Conv";

    @TempDir
    private Path folder;

    private static Espalier open() {
        return Espalier.builder()
                .withoutClassPath()
                .plugins(Launcher.home().resolve("plugins"))
                .build();
    }

    @Test
    @DisplayName("A plan in channels that removes most of the MACs names the units that are worth several channels")
    void wideUnitsAreNamed() {
        try (Espalier espalier = open()) {
            PlanResult plan =
                    espalier.plan(UNET).target("channels=50%").normalise("mean").make();
            assertThat(plan.plan().predicted().macs())
                    .isLessThan(plan.plan().original().macs() / 4);
            assertThat(plan.notes())
                    .singleElement()
                    .asString()
                    .contains("of the MACs remain, though 50% of the channels do", "'" + ATTENTION + "' (12)");
        }
    }

    @Test
    @DisplayName("A head of attention is worth its queries, keys and values")
    void widthOfAHead() {
        try (Espalier espalier = open();
                Inspection inspection = espalier.inspect(UNET)) {
            assertThat(inspection.groups())
                    .filteredOn(group -> group.layer().name().equals(ATTENTION))
                    .singleElement()
                    .satisfies(group -> {
                        assertThat(group.channels()).isEqualTo(4);
                        assertThat(group.layer().channelsPerUnit()).isEqualTo(12);
                    });
        }
    }

    @Test
    @DisplayName("The JSON of plan shows parameters of a quantised network by names that its file has")
    void parametersAsInTheFile() throws Exception {
        Path plan = folder.resolve("quantised.plan.json");
        Launcher.Result shown = new Launcher(folder)
                .run("plan", QUANTISED.toAbsolutePath(), "--target", "channels=80%", "-o", plan, "--json");
        assertThat(shown.exitCode()).as(shown.err()).isZero();
        JsonNode json = new ObjectMapper().readTree(shown.out());
        String file = Files.readString(QUANTISED, StandardCharsets.ISO_8859_1);
        assertThat(json.findValuesAsText("parameter")).anyMatch(name -> !file.contains(name));
        assertThat(json.get("groups").findValues("shown"))
                .hasSameSizeAs(json.findValues("positions"))
                .allSatisfy(
                        each -> assertThat(file).contains(each.get("parameter").textValue()));
        Path redirected = Files.writeString(folder.resolve("redirected.json"), shown.out());
        assertThat(io.espalier.api.Plan.read(redirected).json())
                .isEqualTo(io.espalier.api.Plan.read(plan).json());
    }

    @Test
    @DisplayName("The JSON of plan names the layers, and is replayed like the plan file")
    void planAsJson() throws Exception {
        Path plan = folder.resolve("unet.plan.json");
        Launcher.Result shown = new Launcher(folder)
                .run("plan", UNET.toAbsolutePath(), "--target", "channels=80%", "-o", plan, "--json");
        assertThat(shown.exitCode()).as(shown.err()).isZero();
        assertThat(shown.out()).contains("\"layer\" : \"" + ATTENTION + "\"", "\"channelsPerUnit\" : 12");
        assertThat(Files.readString(plan)).doesNotContain("\"layer\"");
        Path redirected =
                Files.write(folder.resolve("redirected.json"), shown.out().getBytes(StandardCharsets.UTF_8));
        assertThat(io.espalier.api.Plan.read(redirected).json())
                .isEqualTo(io.espalier.api.Plan.read(plan).json());
    }
}
