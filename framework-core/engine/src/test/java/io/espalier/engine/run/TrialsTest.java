package io.espalier.engine.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.engine.allocate.UnreachableTargetException;
import io.espalier.engine.allocate.Widths;
import io.espalier.plugin.obs.ObsCompensator;
import io.espalier.spi.option.Options;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrialsTest {

    private static final Widths WIDE = new Widths(0.9, 1);

    @TempDir
    private Path folder;

    private TestingRun run(Widths first, Widths other) {
        ObsCompensator obs = new ObsCompensator();
        return TestingRun.of(TestingRun.RESNET, folder.resolve("a.onnx"))
                .widths(first)
                .orWidths(other)
                .repair(new Repair(obs, Options.resolve("obs", obs.options(), Map.of()), TestingDataset.images(16, 2)));
    }

    @Test
    @DisplayName("A way that cannot reach the target is left out where another can")
    void unreachable() {
        PruningReport report = run(WIDE, new Widths(0.1, 1)).prune();

        assertThat(report.plan().settings().minKeep()).isEqualTo(0.1);
        assertThat(report.notes())
                .anyMatch(note -> note.contains("was left out: The target 'macs=50%' cannot be reached"));
    }

    @Test
    @DisplayName("Where no way can, the run fails as the first one does")
    void unreachableAll() {
        assertThatThrownBy(() -> run(WIDE, new Widths(0.95, 1)).prune())
                .isInstanceOf(UnreachableTargetException.class)
                .hasMessageContaining("--min-keep 0.9 ");
    }
}
