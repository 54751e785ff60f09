package io.espalier.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.engine.run.NetworkCut;
import io.espalier.engine.run.NetworkCuts;
import io.espalier.plugin.regularizers.DhspgRegularizer;
import io.espalier.plugin.regularizers.DpfRegularizer;
import io.espalier.plugin.regularizers.HessoRegularizer;
import io.espalier.plugin.regularizers.HspgRegularizer;
import io.espalier.plugin.regularizers.SfpRegularizer;
import io.espalier.plugin.regularizers.SlimmingRegularizer;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.regularizer.Regularizer;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A regularizer before each of several cuts. */
class SeveralCutsTest {

    private static final PrunableNetworks NETWORK = PrunableNetworks.RESIDUAL;
    private static final String TARGET = "macs=75%";
    private static final int EPOCHS = 6;
    private static final long BATCHES = 4;

    @TempDir
    private Path folder;

    static Stream<Regularizer> regularizers() {
        return Stream.of(
                new HessoRegularizer(),
                new DhspgRegularizer(),
                new HspgRegularizer(),
                new DpfRegularizer(),
                new SfpRegularizer());
    }

    /** A cut within an epoch, one at the end of one, and epochs after them. */
    private static NormCuts cuts() {
        return new NormCuts(TARGET, 2 * BATCHES + 2, 5 * BATCHES);
    }

    private static TestingTraining training(Regularizer regularizer, NetworkCuts cuts) {
        return new TestingTraining().epochs(EPOCHS).batch(10).cuts(cuts).regularizer(regularizer, "macs=50%", Map.of());
    }

    @ParameterizedTest
    @MethodSource("regularizers")
    @DisplayName("Each cut takes what the regularizer has made zero since the one before, and changes no output")
    void exact(Regularizer regularizer) {
        NormCuts cuts = cuts();
        training(regularizer, cuts).trained(NETWORK.graph(), NETWORK.data());
        assertThat(cuts.made()).hasSize(2);
        for (NetworkCut cut : cuts.made()) {
            assertThat(cut.network().constants().get("third.0.weight").size())
                    .isLessThan(cut.before().constants().get("third.0.weight").size());
            ZeroCutTest.assertSame(regularizer.name(), NETWORK, cut.before(), cut.network());
        }
    }

    @ParameterizedTest
    @MethodSource("regularizers")
    @DisplayName("Killed before, between and after the cuts, it goes on with the same numbers")
    void resumes(Regularizer regularizer) {
        NormCuts cuts = cuts();
        Map<String, Tensor> whole = training(regularizer, cuts).trained(NETWORK.graph(), NETWORK.data());
        for (int killed = 1; killed < EPOCHS; killed++) {
            Checkpoint checkpoint = new Checkpoint(folder.resolve("killed" + killed), "a", true);
            int at = killed;
            NormCuts own = cuts();
            assertThatThrownBy(() -> training(regularizer, own).killed(at, checkpoint, NETWORK.graph(), NETWORK.data()))
                    .isInstanceOf(CancellationException.class);
            Map<String, Tensor> resumed =
                    training(regularizer, own).killed(0, checkpoint, NETWORK.graph(), NETWORK.data());
            assertThat(resumed).containsOnlyKeys(whole.keySet());
            whole.forEach((name, tensor) -> assertThat(Tensors.toBytes(resumed.get(name)))
                    .as("%s, %s, killed in epoch %d", regularizer.name(), name, at)
                    .isEqualTo(Tensors.toBytes(tensor)));
        }
    }

    @Test
    @DisplayName("Where training goes back after each cut, each has a way of its own, and a kill changes nothing")
    void goesBack() {
        NormCuts cuts = new NormCuts(TARGET, EPOCHS * BATCHES, EPOCHS * BATCHES);
        TestingTraining training = training(new HessoRegularizer(), cuts).rewind(1);
        Map<String, Tensor> whole = training.trained(NETWORK.graph(), NETWORK.data());
        assertThat(cuts.made()).hasSize(2);
        cuts.made().forEach(cut -> ZeroCutTest.assertSame("hesso, going back", NETWORK, cut.before(), cut.network()));

        NormCuts own = new NormCuts(TARGET, EPOCHS * BATCHES, EPOCHS * BATCHES);
        TestingTraining again = training(new HessoRegularizer(), own).rewind(1);
        Checkpoint checkpoint = new Checkpoint(folder.resolve("back"), "a", true);
        int[] epochs = {0};
        assertThatThrownBy(() -> again.stopping(() -> ++epochs[0] == EPOCHS + 2)
                        .killed(0, checkpoint, NETWORK.graph(), NETWORK.data()))
                .isInstanceOf(CancellationException.class);
        Map<String, Tensor> resumed =
                again.stopping(() -> false).killed(0, checkpoint, NETWORK.graph(), NETWORK.data());
        whole.forEach((name, tensor) ->
                assertThat(Tensors.toBytes(resumed.get(name))).as(name).isEqualTo(Tensors.toBytes(tensor)));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    @DisplayName("After a cut it goes on as in the whole network with what was removed held at zero")
    void goesOnAsMasked(long seed) {
        TestingCuts cuts = TestingCuts.cutting(seed, 7);
        TestingTraining training = new TestingTraining()
                .epochs(4)
                .regularizer(new SlimmingRegularizer(), "macs=50%", Map.of("strength", "0.05"));
        Graph network = NETWORK.graph();
        Map<String, Tensor> cut = training.cuts(new UntilTheEnd(cuts)).trained(network, NETWORK.data());
        Map<String, Tensor> masked = training.cuts(cuts.masking()).trained(network, NETWORK.data());
        Map<String, Tensor> expected = cuts.cut(network.withConstants(masked)).constants();
        cut.forEach((name, tensor) -> {
            double[] wanted = Tensors.toDoubles(expected.get(name));
            double[] found = Tensors.toDoubles(tensor);
            for (int i = 0; i < wanted.length; i++) {
                assertThat(found[i]).as("seed %d, %s[%d]", seed, name, i).isCloseTo(wanted[i], within(2e-5));
            }
        });
        Map<String, Tensor> without = training.cuts(cuts).trained(network, NETWORK.data());
        assertThat(Tensors.toBytes(without.get("first.1.weight")))
                .as("slimming acts after the first of two cuts")
                .isNotEqualTo(Tensors.toBytes(cut.get("first.1.weight")));
    }

    @Test
    @DisplayName("A cut before training is made without preparation; where there is no other, that is refused")
    void beforeTraining() {
        NormCuts both = new NormCuts(TARGET, 0L, 5 * BATCHES);
        training(new HessoRegularizer(), both).trained(NETWORK.graph(), NETWORK.data());
        NetworkCut second = both.made().get(1);
        ZeroCutTest.assertSame("second cut", NETWORK, second.before(), second.network());
        TestingTraining before = training(new HessoRegularizer(), new NormCuts(TARGET, 0L));
        assertThatThrownBy(() -> before.trained(NETWORK.graph(), NETWORK.data()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("nothing to do before training");
    }

    /** The cuts of a schedule, and a last one at the end that removes nothing. */
    private record UntilTheEnd(NetworkCuts first) implements NetworkCuts {

        @Override
        public List<Long> moments(long length) {
            return Stream.concat(first.moments(length).stream(), Stream.of(length))
                    .toList();
        }

        @Override
        public NetworkCut next(Graph network, long over) {
            boolean isFirst = network.constants().get("head.weight").size() == 3 * 8;
            return isFirst
                    ? first.next(network, over)
                    : new NetworkCut(network, network, graph -> graph, List.of(), new byte[] {2});
        }

        @Override
        public NetworkCut again(Graph network, byte[] record, long over) {
            return next(network, over);
        }

        @Override
        public List<Edit> edits() {
            return List.of();
        }
    }
}
