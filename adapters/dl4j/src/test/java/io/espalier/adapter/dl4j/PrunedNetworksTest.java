package io.espalier.adapter.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.adapter.dl4j.TestingNetworks.Trainable;
import io.espalier.engine.run.PruningReport;
import io.espalier.engine.verify.Verification.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class PrunedNetworksTest {

    @TempDir
    Path folder;

    @TestFactory
    Stream<DynamicTest> everyNetworkIsLiftedCutProvedAndTrainsOn() {
        return TestingNetworks.all().entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(
                        entry.getKey(),
                        () -> check(entry.getKey(), entry.getValue().get())));
    }

    private void check(String name, Trainable trainable) throws IOException {
        Path file = Testing.save(trainable.train(3).network(), folder.resolve(name + ".zip"));
        Testing.assertLiftedAsDl4jComputes(file);

        Path pruned = folder.resolve(name + "-pruned.zip");
        PruningReport report = Testing.prune(file, pruned, "channels=50%");
        assertThat(report.verification().outcome()).isEqualTo(Outcome.PROVED);

        Model smaller = trainable.network() instanceof MultiLayerNetwork
                ? ModelSerializer.restoreMultiLayerNetwork(pruned.toFile(), true)
                : ModelSerializer.restoreComputationGraph(pruned.toFile(), true);
        assertThat(smaller.numParams()).isLessThan(trainable.network().numParams() * 3 / 4);
        Trainable continued = new Trainable(smaller, trainable.batch()).train(1);
        assertThat(continued.network().params().sumNumber().doubleValue()).isFinite();
        assertThat(state(smaller)).isLessThan(state(trainable.network()));
    }

    private static long state(Model network) {
        return network instanceof MultiLayerNetwork chain
                ? chain.getUpdater().getStateViewArray().length()
                : ((ComputationGraph) network).getUpdater().getStateViewArray().length();
    }
}
