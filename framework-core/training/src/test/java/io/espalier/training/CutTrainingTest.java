package io.espalier.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.plugin.optimizers.AdamOptimizer;
import io.espalier.plugin.optimizers.AdamWOptimizer;
import io.espalier.plugin.optimizers.SgdOptimizer;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.optimizer.Optimizer;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.model.GraphBuilder;
import io.espalier.testkit.model.Window;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CutTrainingTest {

    private static final int CLASSES = 3;

    @TempDir
    private Path folder;

    /** Two convolutions with norms, joined by an addition, and a head. */
    private static Graph network(long seed) {
        GraphBuilder graph = new GraphBuilder("network", seed);
        String x = graph.input("x", "batch", 2, 6, 6);
        String first = graph.relu(
                graph.bn("first.1", graph.conv("first.0", x, 6, Window.same(3).withoutBias())));
        String second = graph.bn("second.1", graph.conv("second.0", first, 6, Window.same(3)));
        String sum = graph.relu(graph.add(first, second));
        String hidden = graph.relu(graph.gemm("hidden", graph.flatten(graph.globalAveragePool(sum), 1), 8));
        return graph.output(graph.gemm("head", hidden, CLASSES)).build();
    }

    private static TestingTraining.Examples data(long seed) {
        return TestingTraining.blobs(seed, 80, CLASSES, 2, 6, 6);
    }

    static Stream<Arguments> trainings() {
        Map<String, String> nesterov = Map.of("momentum", "0.9", "nesterov", "true");
        return Stream.concat(
                Stream.of(1L, 2L, 3L)
                        .flatMap(seed -> Stream.of(
                                Arguments.of(seed, new SgdOptimizer(), Map.of("momentum", "0.9"), 0.05, 2e-5),
                                Arguments.of(seed, new AdamOptimizer(), Map.of(), 0.01, 2e-4))),
                Stream.of(
                        Arguments.of(4L, new SgdOptimizer(), nesterov, 0.05, 2e-5),
                        Arguments.of(4L, new AdamWOptimizer(), Map.of(), 0.01, 2e-4)));
    }

    @ParameterizedTest
    @MethodSource("trainings")
    @DisplayName("After a cut training goes on as in the whole network with what was removed held at zero")
    void goesOnAsMasked(long seed, Optimizer optimizer, Map<String, String> options, double rate, double tolerance) {
        TestingCuts cuts = TestingCuts.cutting(seed, 13);
        TestingTraining training = new TestingTraining()
                .epochs(2)
                .optimizer(optimizer, options)
                .rate(rate)
                .schedule("cosine")
                .decay(0.01)
                .average(seed % 2 == 0 ? 0.9 : 0);
        Map<String, Tensor> cut = training.cuts(cuts).trained(network(seed), data(seed));
        Map<String, Tensor> masked = training.cuts(cuts.masking()).trained(network(seed), data(seed));
        Map<String, Tensor> expected =
                cuts.cut(network(seed).withConstants(masked)).constants();
        assertThat(Tensors.toDoubles(cut.get("first.0.weight"))).hasSizeLessThan((int)
                network(seed).constants().get("first.0.weight").size());
        cut.forEach((name, tensor) -> {
            double[] wanted = Tensors.toDoubles(expected.get(name));
            double[] found = Tensors.toDoubles(tensor);
            assertThat(found).hasSameSizeAs(wanted);
            for (int i = 0; i < wanted.length; i++) {
                assertThat(found[i])
                        .as("seed %d, %s, %s[%d]", seed, optimizer.name(), name, i)
                        .isCloseTo(wanted[i], within(tolerance));
            }
        });
    }

    @Test
    @DisplayName("Training that was killed after a cut goes on with the same numbers")
    void resumes() {
        for (int killed = 1; killed <= 4; killed++) {
            TestingTraining training = new TestingTraining()
                    .epochs(4)
                    .optimizer(new AdamWOptimizer(), Map.of())
                    .average(0.9)
                    .cuts(TestingCuts.cutting(5, 24));
            Checkpoint checkpoint = new Checkpoint(folder.resolve("killed" + killed), "a", true);
            Map<String, Tensor> whole = training.trained(network(5), data(5));
            int at = killed;
            assertThatThrownBy(() -> training.killed(at, checkpoint, network(5), data(5)))
                    .isInstanceOf(CancellationException.class);
            Map<String, Tensor> resumed = training.killed(0, checkpoint, network(5), data(5));
            whole.forEach((name, tensor) -> assertThat(Tensors.toBytes(resumed.get(name)))
                    .as("%s, killed in epoch %d", name, at)
                    .isEqualTo(Tensors.toBytes(tensor)));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    @DisplayName("A cut that goes back to the first weights gives what training of the cut network gives")
    void rewindsToTheBeginning(long seed) {
        TestingCuts cuts = TestingCuts.cutting(seed, seed % 2 == 0 ? 20 : 13);
        TestingTraining training = new TestingTraining()
                .epochs(2)
                .optimizer(new AdamWOptimizer(), Map.of())
                .schedule("one-cycle")
                .average(seed > 2 ? 0.9 : 0);
        Map<String, Tensor> expected = training.trained(cuts.cut(network(seed)), data(seed));
        Map<String, Tensor> found = training.cuts(cuts).rewind(0).trained(network(seed), data(seed));
        assertThat(found).containsOnlyKeys(expected.keySet());
        expected.forEach((name, tensor) -> assertThat(Tensors.toBytes(found.get(name)))
                .as("seed %d, %s", seed, name)
                .isEqualTo(Tensors.toBytes(tensor)));
    }

    @Test
    @DisplayName("Going back to a later epoch runs the epochs after it once more, and survives a kill")
    void rewindsToAnEpoch() {
        TestingTraining training = new TestingTraining()
                .epochs(3)
                .optimizer(new AdamWOptimizer(), Map.of())
                .average(0.9)
                .cuts(TestingCuts.cutting(6, 30))
                .rewind(1);
        assertThat(training.epochs(network(6), data(6)).stream().map(EpochResult::number))
                .containsExactly(1, 2, 3, 2, 3);
        Map<String, Tensor> whole = training.trained(network(6), data(6));
        Checkpoint checkpoint = new Checkpoint(folder.resolve("rewound"), "a", true);
        assertThatThrownBy(() -> training.killed(2, checkpoint, network(6), data(6)))
                .isInstanceOf(CancellationException.class);
        Map<String, Tensor> resumed = training.killed(0, checkpoint, network(6), data(6));
        whole.forEach((name, tensor) ->
                assertThat(Tensors.toBytes(resumed.get(name))).as(name).isEqualTo(Tensors.toBytes(tensor)));
        TestingTraining early = training.cuts(TestingCuts.cutting(6, 9));
        assertThatThrownBy(() -> early.trained(network(6), data(6)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("the first cut is made before its end");
    }

    @Test
    @DisplayName("Patience with the network at hand ends it: the next cut is made, or training ends")
    void patience() {
        // A rate at which training gets nowhere, so that some epoch is worse than the one before.
        TestingTraining training = new TestingTraining().epochs(30).rate(0.3).patience(1);
        int alone = training.epochs(network(8), data(8)).size();
        assertThat(alone).isLessThan(15);
        assertThat(training.cuts(TestingCuts.cutting(8, 300)).epochs(network(8), data(8)))
                .hasSize(alone);
        TestingCuts later = TestingCuts.cutting(8, 10L * (alone + 5));
        assertThat(training.cuts(later).epochs(network(8), data(8))).hasSizeGreaterThan(alone);
        assertThat(later.made()).containsExactly(10L * alone);
        TestingCuts sooner = TestingCuts.cutting(8, 10L * (alone - 1));
        assertThat(training.cuts(sooner).epochs(network(8), data(8))).hasSizeGreaterThan(alone - 1);
        assertThat(sooner.made()).containsExactly(10L * (alone - 1));
    }
}
