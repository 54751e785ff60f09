package io.espalier.engine.exported;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.engine.coupling.channel.Blocked;
import io.espalier.engine.verify.OriginalRefusedException;
import io.espalier.engine.verify.Verification;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files with operators that nobody taught: what follows them is pruned where the runtime tells their shapes. */
final class UnknownOperatorsTest {

    private static final long SEED = 20261129;
    private static final double SHARE = 0.4;

    @TempDir
    private Path folder;

    @Test
    void extentsAreMeasuredAtTwoSizes() {
        try (TestingNetwork network = open("pad")) {
            assertThat(network.graph().declared())
                    .containsEntry(
                            "p",
                            new ValueType(
                                    DataType.FLOAT32,
                                    Optional.of(List.of(
                                            new Dimension.Symbol("N"),
                                            new Dimension.Fixed(16),
                                            new Dimension.Unknown(),
                                            new Dimension.Unknown()))));
            assertPruned(network);
        }
    }

    @Test
    void shapesAreMeasuredOneAfterTheOther() {
        try (TestingNetwork network = open("pad-chain")) {
            assertThat(network.graph().declared().get("q").shape().orElseThrow().get(2))
                    .isEqualTo(new Dimension.Symbol("H"));
            assertThat(network.graph().declared()).containsKey("p");
            assertPruned(network);
        }
    }

    private void assertPruned(TestingNetwork network) {
        assertThat(network.groups().stream().map(group -> group.channels().size()))
                .containsExactly(16, 16);
        Verification verification = network.prune(network.random(SHARE, SEED), folder.resolve("pruned.onnx"));
        assertThat(verification.outcome()).as("seed %d: %s", SEED, verification).isEqualTo(Verification.Outcome.PROVED);
    }

    @Test
    void whatTheRuntimeLacksIsToBlameForAllThatFollows() {
        try (TestingNetwork network = open("i-custom-op")) {
            assertThat(Blocked.in(network.analysis().coupling()).stream().map(each -> each.barrier()))
                    .allSatisfy(barrier -> assertThat(barrier.operator()).isEqualTo("com.acme.MyPlugin"))
                    .anySatisfy(barrier -> assertThat(barrier.toString())
                            .contains("'u'")
                            .contains("the shape of its result is not known, nor of what follows, such as 'c'"));
            Path pruned = folder.resolve("pruned.onnx");
            assertThatThrownBy(() -> network.prune(network.random(SHARE, SEED), pruned))
                    .isInstanceOf(OriginalRefusedException.class)
                    .hasMessageContaining("onnxruntime has no operator 'com.acme.MyPlugin'");
        }
    }

    @Test
    void whatComesBeforeAnOperatorTheRuntimeLacksIsMeasured() {
        try (TestingNetwork network = open("custom-and-known")) {
            assertThat(network.graph().declared()).containsKey("t").doesNotContainKey("m");
        }
    }

    private static TestingNetwork open(String name) {
        try {
            return TestingNetwork.open(Path.of(UnknownOperatorsTest.class
                    .getResource("/unknown-operators/" + name + ".onnx")
                    .toURI()));
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
