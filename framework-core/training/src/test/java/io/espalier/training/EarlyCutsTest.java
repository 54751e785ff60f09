package io.espalier.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.engine.run.NetworkCut;
import io.espalier.engine.run.NetworkCuts;
import io.espalier.plugin.regularizers.DhspgRegularizer;
import io.espalier.plugin.regularizers.DpfRegularizer;
import io.espalier.plugin.regularizers.HessoRegularizer;
import io.espalier.plugin.regularizers.HspgRegularizer;
import io.espalier.plugin.regularizers.SfpRegularizer;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.regularizer.Regularizer;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.nio.file.Path;
import java.util.ArrayList;
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

/** Cuts that come before their moment because a schedule has seen enough. */
class EarlyCutsTest {

    private static final PrunableNetworks NETWORK = PrunableNetworks.RESIDUAL;
    private static final int EPOCHS = 6;
    private static final long BATCHES = 4;

    @TempDir
    private Path folder;

    private static TestingTraining training(NetworkCuts cuts) {
        return new TestingTraining().epochs(EPOCHS).batch(10).cuts(cuts);
    }

    private static SettlingCuts cuts() {
        return new SettlingCuts(3, EPOCHS * BATCHES);
    }

    @Test
    @DisplayName("The cut is made after the epoch in which the choice has settled, and training goes on")
    void comesEarly() {
        SettlingCuts cuts = cuts();
        Map<String, Tensor> values = training(cuts).trained(NETWORK.graph(), NETWORK.data());
        assertThat(cuts.moments).containsExactly(3 * BATCHES);
        assertThat(cuts.seen).as("looked at after epochs 1, 2 and 3").isEqualTo(3);
        Map<String, Tensor> fixed =
                training(new NormCuts("macs=75%", 3 * BATCHES)).trained(NETWORK.graph(), NETWORK.data());
        fixed.forEach((name, tensor) ->
                assertThat(Tensors.toBytes(values.get(name))).as(name).isEqualTo(Tensors.toBytes(tensor)));
    }

    @Test
    @DisplayName("Where it does not settle the cut is made at its moment")
    void comesInTime() {
        SettlingCuts cuts = new SettlingCuts(5, 4 * BATCHES);
        training(cuts).trained(NETWORK.graph(), NETWORK.data());
        assertThat(cuts.moments).containsExactly(4 * BATCHES);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    @DisplayName("Killed at any time it goes on with what was seen, and the same numbers")
    void resumes(int killed) {
        Map<String, Tensor> whole = training(cuts()).trained(NETWORK.graph(), NETWORK.data());
        Checkpoint checkpoint = new Checkpoint(folder.resolve("killed"), "a", true);
        SettlingCuts first = cuts();
        assertThatThrownBy(() -> training(first).killed(killed, checkpoint, NETWORK.graph(), NETWORK.data()))
                .isInstanceOf(CancellationException.class);
        SettlingCuts second = new SettlingCuts(3, first.made);
        Map<String, Tensor> resumed = training(second).killed(0, checkpoint, NETWORK.graph(), NETWORK.data());
        whole.forEach((name, tensor) ->
                assertThat(Tensors.toBytes(resumed.get(name))).as(name).isEqualTo(Tensors.toBytes(tensor)));
    }

    @Test
    @DisplayName("A training that goes back looks at nothing before the epoch that it goes back to")
    void goesBack() {
        SettlingCuts cuts = new SettlingCuts(1, EPOCHS * BATCHES);
        List<Integer> epochs = training(cuts).rewind(2).epochs(NETWORK.graph(), NETWORK.data()).stream()
                .map(EpochResult::number)
                .toList();
        assertThat(cuts.moments).containsExactly(3 * BATCHES);
        assertThat(epochs).containsExactly(1, 2, 3, 3, 4, 5, 6);
    }

    @Test
    @DisplayName("A regularizer that zeroes after its last epoch does so before a cut that comes early")
    void preparesForAnEarlyCut() {
        SettlingCuts cuts = cuts();
        training(cuts).regularizer(new SfpRegularizer(), "macs=75%", Map.of()).trained(NETWORK.graph(), NETWORK.data());
        NetworkCut cut = cuts.made.made().get(0);
        ZeroCutTest.assertSame("sfp", NETWORK, cut.before(), cut.network());
    }

    @ParameterizedTest
    @MethodSource("fading")
    @DisplayName("A cut waits for a regularizer that still fades channels")
    void waitsForItsRegularizer(Regularizer regularizer) {
        SettlingCuts cuts = new SettlingCuts(1, EPOCHS * BATCHES);
        training(cuts).regularizer(regularizer, "macs=75%", Map.of()).trained(NETWORK.graph(), NETWORK.data());
        assertThat(cuts.moments)
                .singleElement()
                .satisfies(at -> assertThat(at).isGreaterThan(BATCHES).isLessThan(EPOCHS * BATCHES));
        NetworkCut cut = cuts.made.made().get(0);
        ZeroCutTest.assertSame(regularizer.name(), NETWORK, cut.before(), cut.network());
    }

    static Stream<Regularizer> fading() {
        return Stream.of(new HessoRegularizer(), new DhspgRegularizer(), new HspgRegularizer(), new DpfRegularizer());
    }

    /** One cut that comes early when the network was looked at so often. */
    private static final class SettlingCuts implements NetworkCuts {

        private final NormCuts made;
        private final int enough;
        private final List<Long> moments = new ArrayList<>();
        private int seen;

        SettlingCuts(int enough, long latest) {
            this(enough, new NormCuts("macs=75%", latest));
        }

        /** One that may have been made before. */
        SettlingCuts(int enough, NormCuts made) {
            this.enough = enough;
            this.made = made;
        }

        @Override
        public List<Long> moments(long length) {
            return made.moments(length);
        }

        @Override
        public NetworkCut next(Graph network, long over) {
            moments.add(over);
            return made.next(network, over);
        }

        @Override
        public NetworkCut again(Graph network, byte[] record, long over) {
            moments.add(over);
            return made.again(network, record, over);
        }

        @Override
        public boolean observes() {
            return true;
        }

        @Override
        public boolean isSettled(Graph network) {
            seen++;
            return seen >= enough;
        }

        @Override
        public List<byte[]> choices() {
            return List.of(new byte[] {(byte) seen});
        }

        @Override
        public void restore(List<byte[]> choices) {
            seen = choices.get(0)[0];
        }

        @Override
        public List<Edit> edits() {
            return List.of();
        }
    }
}
