package io.espalier.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.engine.run.NetworkCut;
import io.espalier.engine.run.NetworkCuts;
import io.espalier.plugin.regularizers.DepGraphRegularizer;
import io.espalier.plugin.regularizers.DhspgRegularizer;
import io.espalier.plugin.regularizers.DpfRegularizer;
import io.espalier.plugin.regularizers.HessoRegularizer;
import io.espalier.plugin.regularizers.ResRepRegularizer;
import io.espalier.plugin.regularizers.SfpRegularizer;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.regularizer.Regularizer;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RegularizedTrainingTest {

    private static final int EPOCHS = 4;

    @TempDir
    private Path folder;

    private final TestingTraining.Examples data = PrunableNetworks.RESIDUAL.data();

    private static Graph network() {
        return PrunableNetworks.RESIDUAL.graph();
    }

    static Stream<Regularizer> regularizers() {
        return Stream.of(
                new HessoRegularizer(),
                new DhspgRegularizer(),
                new DpfRegularizer(),
                new SfpRegularizer(),
                new ResRepRegularizer(),
                new DepGraphRegularizer());
    }

    private static TestingTraining training(Regularizer regularizer) {
        return new TestingTraining().epochs(EPOCHS).regularizer(regularizer, "macs=50%", Map.of());
    }

    @ParameterizedTest
    @MethodSource("regularizers")
    @DisplayName("Training with a regularizer that was killed goes on with the same numbers")
    void resumes(Regularizer regularizer) {
        Map<String, Tensor> whole = training(regularizer).trained(network(), data);
        for (int epoch = 1; epoch < EPOCHS; epoch++) {
            Checkpoint checkpoint = new Checkpoint(folder.resolve("model." + epoch), "a", true);
            int at = epoch;
            assertThatThrownBy(() -> training(regularizer).killed(at, checkpoint, network(), data))
                    .isInstanceOf(CancellationException.class);
            Map<String, Tensor> resumed = training(regularizer).killed(0, checkpoint, network(), data);
            whole.forEach((name, tensor) -> assertThat(Tensors.toBytes(resumed.get(name)))
                    .as("%s, %s, killed in epoch %d", regularizer.name(), name, at)
                    .isEqualTo(Tensors.toBytes(tensor)));
        }
    }

    static Stream<Regularizer> exact() {
        return regularizers().limit(5);
    }

    @ParameterizedTest
    @MethodSource("exact")
    @DisplayName("Coupled channels become zero together, in every layer that they lie in")
    void zeroTogether(Regularizer regularizer) {
        Map<String, Tensor> trained = training(regularizer).trained(network(), data);
        boolean[] first = zeroRows(trained.get("first.0.weight"));
        boolean[] third = zeroRows(trained.get("third.0.weight"));
        assertThat(third).as(regularizer.name()).isEqualTo(first);
        boolean[] second = zeroRows(trained.get("second.0.weight"));
        int zeros = 0;
        for (int channel = 0; channel < first.length; channel++) {
            zeros += first[channel] ? 1 : 0;
            zeros += second[channel] ? 1 : 0;
        }
        assertThat(zeros).as(regularizer.name()).isBetween(1, 14);
    }

    @ParameterizedTest
    @MethodSource("exact")
    @DisplayName("Where a cut is made on the way, the channels that it is to take are zero by then")
    void preparesForTheCut(Regularizer regularizer) {
        int batches = 4;
        SeenCuts cuts = new SeenCuts(TestingCuts.cutting(2, 2L * batches), new ArrayList<>());
        Map<String, Tensor> after = training(regularizer).batch(10).cuts(cuts).trained(network(), data);
        assertThat(cuts.networks()).hasSize(1);
        Map<String, Tensor> met = cuts.networks().get(0).constants();
        boolean[] first = zeroRows(met.get("first.0.weight"));
        boolean[] second = zeroRows(met.get("second.0.weight"));
        assertThat(count(first) + count(second)).as(regularizer.name()).isBetween(1, 14);
        assertThat(zeroRows(met.get("third.0.weight"))).as(regularizer.name()).isEqualTo(first);
        assertThat(after.get("first.0.weight").size())
                .isLessThan(met.get("first.0.weight").size());
    }

    /** Cuts that keep the networks they were given. */
    private record SeenCuts(NetworkCuts made, List<Graph> networks) implements NetworkCuts {

        @Override
        public List<Long> moments(long length) {
            return made.moments(length);
        }

        @Override
        public NetworkCut next(Graph network, long over) {
            networks.add(network);
            return made.next(network, over);
        }

        @Override
        public NetworkCut again(Graph network, byte[] record, long over) {
            return made.again(network, record, over);
        }

        @Override
        public List<Edit> edits() {
            return made.edits();
        }
    }

    private static int count(boolean... zeros) {
        int count = 0;
        for (boolean each : zeros) {
            count += each ? 1 : 0;
        }
        return count;
    }

    private static boolean[] zeroRows(Tensor weight) {
        double[] values = Tensors.toDoubles(weight);
        int rows = (int) (long) weight.shape().get(0);
        int row = values.length / rows;
        boolean[] zeros = new boolean[rows];
        for (int i = 0; i < rows; i++) {
            zeros[i] = Arrays.stream(values, i * row, (i + 1) * row).allMatch(each -> each == 0);
        }
        return zeros;
    }
}
