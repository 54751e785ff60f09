package io.espalier.engine.exported;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.engine.coupling.channel.Group;
import io.espalier.engine.coupling.channel.Groups;
import io.espalier.engine.run.PruningReport;
import io.espalier.engine.run.TestingRun;
import io.espalier.engine.verify.OriginalRefusedException;
import io.espalier.engine.verify.Verification.Outcome;
import io.espalier.graph.symbol.Dim;
import java.net.URISyntaxException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Small networks with what networks of the field have and benchmarks have not: each is pruned and proved. */
final class FieldNetworksTest {

    @TempDir
    private Path folder;

    private static Path file(String name) {
        try {
            return Path.of(FieldNetworksTest.class
                    .getResource("/field/" + name + ".onnx")
                    .toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private PruningReport prune(String name) {
        return TestingRun.of(file(name), folder.resolve("pruned.onnx"))
                .target("channels=70%")
                .prune();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "j-s2d-gather-dynhw",
                "j-s2d-slice-dynhw",
                "j-s2d-conv-dynhw",
                "k-GroupNorm18",
                "k-maxout",
                "fastspeech2.dynamo",
                "qwen-kv-nodim.ts",
                "tsm-dynamic-batch.ts",
                "j-expand-input-anychannel",
                "vae-random.ts",
                "name-clash",
                "tied-weight"
            })
    void isPrunedAndProved(String name) {
        PruningReport report = prune(name);
        assertThat(report.verification().outcome())
                .as("%s", report.verification())
                .isEqualTo(Outcome.PROVED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"two-subnets-state", "j-scale-input"})
    void whatTheRuntimeSaysOfTheSizesTriedIsHandedOn(String name) {
        assertThatThrownBy(() -> prune(name))
                .isInstanceOf(OriginalRefusedException.class)
                .hasMessageContaining("'h'=64")
                .hasMessageContaining("Resize");
    }

    @ParameterizedTest
    @ValueSource(strings = {"j-s2d-gather-dynhw", "j-s2d-slice-dynhw", "j-s2d-conv-dynhw"})
    void spaceOfOpenExtentBecomesDepth(String name) {
        try (TestingNetwork network = TestingNetwork.open(file(name))) {
            Dim channels = network.analysis().shapes().require("s").get(1);
            assertThat(channels).isEqualTo(Dim.of(32));
            assertThat(network.analysis().coupling().graph().values().get("s").extent(1))
                    .isEqualTo(channels);
        }
    }

    @Test
    void theUnitsOfMaxoutAreChannels() {
        try (TestingNetwork network = TestingNetwork.open(file("k-maxout"))) {
            assertThat(Groups.of(network.analysis().coupling(), each -> each))
                    .extracting(Group::channels)
                    .singleElement()
                    .satisfies(channels -> assertThat(channels).hasSize(10));
        }
    }
}
