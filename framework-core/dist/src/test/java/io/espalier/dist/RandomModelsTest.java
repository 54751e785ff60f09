package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An operator whose result differs on every run is replayed in the proof, or named where that is not possible. */
class RandomModelsTest {

    @TempDir
    private Path folder;

    private TestingPruner pruned;
    private BadModels models;

    @BeforeEach
    void open() {
        pruned = new TestingPruner(folder);
        models = new BadModels(folder);
    }

    @AfterEach
    void close() {
        pruned.close();
    }

    @Test
    void aDropoutInTrainingIsReplayed() throws IOException {
        TestingPruner.Result result = pruned.prune(models.dropsAtRandom(false));
        assertThat(result.fault()).isEmpty();
        assertThat(result.sentence()).isEmpty();
    }

    @Test
    void whatCannotBeReplayedIsNamed() throws IOException {
        TestingPruner.Result result = pruned.prune(models.dropsAtRandom(true));
        assertThat(result.fault()).isEmpty();
        assertThat(result.sentence())
                .get()
                .asString()
                .contains(
                        "the original computes something else each time it runs",
                        "Dropout 'dropped' draws random numbers that cannot be replayed");
    }
}
