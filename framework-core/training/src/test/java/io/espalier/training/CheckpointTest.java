package io.espalier.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.plugin.optimizers.AdamWOptimizer;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.model.GraphBuilder;
import io.espalier.testkit.model.Window;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {

    private static final int CLASSES = 3;

    @TempDir
    private Path folder;

    private final TestingTraining.Examples data = TestingTraining.blobs(3, 24, CLASSES, 2, 6, 6);

    private static Graph network() {
        GraphBuilder graph = new GraphBuilder("network", 3);
        String x = graph.input("x", "batch", 2, 6, 6);
        x = graph.relu(
                graph.bn("first.1", graph.conv("first.0", x, 6, Window.same(3).withoutBias())));
        return graph.output(graph.gemm("head", graph.flatten(graph.globalAveragePool(x), 1), CLASSES))
                .build();
    }

    private static TestingTraining training() {
        return new TestingTraining()
                .epochs(5)
                .optimizer(new AdamWOptimizer(), Map.of())
                .average(0.9)
                .schedule("one-cycle")
                .augmentation(Map.of("flip", "true", "shift", "1"));
    }

    private Checkpoint checkpoint(String training) {
        return new Checkpoint(folder.resolve("model.checkpoint"), training, true);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    @DisplayName("Training that was killed goes on with the same numbers")
    void resumes(int epoch) {
        Map<String, Tensor> whole = training().trained(network(), data);
        assertThatThrownBy(() -> training().killed(epoch, checkpoint("a"), network(), data))
                .isInstanceOf(CancellationException.class);
        Map<String, Tensor> resumed = training().killed(0, checkpoint("a"), network(), data);
        whole.forEach((name, tensor) -> assertThat(Tensors.toBytes(resumed.get(name)))
                .as("%s, killed in epoch %d", name, epoch)
                .isEqualTo(Tensors.toBytes(tensor)));
    }

    @Test
    @DisplayName("A checkpoint of another training, or a damaged one, is refused in one sentence")
    void refused() throws IOException {
        assertThatThrownBy(() -> training().killed(2, checkpoint("a"), network(), data))
                .isInstanceOf(CancellationException.class);
        assertThatThrownBy(() -> training().killed(0, checkpoint("b"), network(), data))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("of another training");
        byte[] sound = Files.readAllBytes(folder.resolve("model.checkpoint"));
        SplittableRandom random = new SplittableRandom(1);
        for (int seed = 0; seed < 20; seed++) {
            byte[] damaged = seed % 2 == 0 ? Arrays.copyOf(sound, random.nextInt(sound.length)) : sound.clone();
            if (seed % 2 == 1) {
                damaged[random.nextInt(damaged.length)] ^= 1;
            }
            Files.write(folder.resolve("model.checkpoint"), damaged);
            assertThatThrownBy(() -> training().killed(0, checkpoint("a"), network(), data))
                    .as("damage %d", seed)
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("is damaged");
        }
    }

    @Test
    @DisplayName("A checkpoint that cannot be written ends the training, and the one before is kept")
    void unwritable() throws IOException {
        assertThatThrownBy(() -> training().killed(1, checkpoint("a"), network(), data))
                .isInstanceOf(CancellationException.class);
        byte[] before = Files.readAllBytes(folder.resolve("model.checkpoint"));
        Files.createDirectory(folder.resolve("model.checkpoint.new"));
        assertThatThrownBy(() -> training().killed(0, checkpoint("a"), network(), data))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("cannot be written");
        assertThat(Files.readAllBytes(folder.resolve("model.checkpoint"))).isEqualTo(before);
    }
}
