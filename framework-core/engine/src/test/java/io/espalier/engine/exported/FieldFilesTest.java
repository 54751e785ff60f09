package io.espalier.engine.exported;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.engine.coupling.channel.Blocked;
import io.espalier.engine.coupling.label.Barrier;
import io.espalier.engine.verify.Verification;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are odd in themselves: old ones, equal names of nodes, layers that are used several times, quantised weights. */
final class FieldFilesTest {

    private static final long SEED = 20261130;
    private static final double SHARE = 0.4;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"caffe2-opset6", "dup-node-names", "albert-shared.ts"})
    void aCutIsProved(String name) {
        try (TestingNetwork network = open("/field/" + name)) {
            Verification verification = network.prune(network.random(SHARE, SEED), folder.resolve("pruned.onnx"));
            assertThat(verification.outcome())
                    .as("seed %d: %s", SEED, verification)
                    .isEqualTo(Verification.Outcome.PROVED);
        }
    }

    @Test
    void whatCannotBeBalancedHasAName() {
        try (TestingNetwork network = open("/field/albert-shared.ts")) {
            assertThat(barriers(network))
                    .allSatisfy(barrier -> assertThat(barrier.value()).isNotEmpty())
                    .anySatisfy(barrier -> assertThat(barrier.operator()).isEqualTo("grid"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"resnet.qdq", "resnet.qoperator", "resnet.dynamic", "resnet.d18"})
    void axesOfKernelsAreNoChannels(String name) {
        try (TestingNetwork network = open("/exported/" + name)) {
            assertThat(barriers(network)).extracting(Barrier::operator).doesNotContain("Conv");
        }
    }

    private static List<Barrier> barriers(TestingNetwork network) {
        return Blocked.in(network.analysis().coupling()).stream()
                .map(Blocked::barrier)
                .toList();
    }

    private static TestingNetwork open(String name) {
        try {
            return TestingNetwork.open(
                    Path.of(FieldFilesTest.class.getResource(name + ".onnx").toURI()));
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
