package io.espalier.adapter.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.adapter.dl4j.TestingNetworks.Trainable;
import io.espalier.adapter.dl4j.config.ConfigParser;
import io.espalier.adapter.dl4j.config.Network;
import io.espalier.adapter.dl4j.edit.EditedNetwork;
import io.espalier.adapter.dl4j.edit.UpdaterState;
import io.espalier.adapter.dl4j.lift.LiftedNetwork;
import io.espalier.adapter.dl4j.lift.NetworkLifter;
import io.espalier.adapter.dl4j.store.Archive;
import io.espalier.adapter.dl4j.store.FlatArray;
import io.espalier.spi.adapter.Edit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;

/** From a cut on, the smaller network learns what the whole one learns with the removed weights held at zero. */
class TrainingContinuesTest {

    private static final int STEPS = 4;

    @TempDir
    Path folder;

    private static Map<String, Supplier<Trainable>> networks() {
        Map<String, Supplier<Trainable>> networks = new LinkedHashMap<>();
        for (IUpdater updater :
                List.of(new Adam(1e-3), new Nesterovs(0.05, 0.9), new AMSGrad(1e-3), new RmsProp(1e-3))) {
            networks.put("lenet " + updater.getClass().getSimpleName(), () -> TestingNetworks.lenet(updater));
        }
        networks.put("resnet Adam", () -> TestingNetworks.resnet(new Adam(1e-3)));
        networks.put("resnet Nesterovs", () -> TestingNetworks.resnet(new Nesterovs(0.01, 0.9)));
        for (String name : List.of("unet", "inception", "char-lstm", "bidirectional-lstm", "autoencoder")) {
            networks.put(name, TestingNetworks.all().get(name));
        }
        return networks;
    }

    @TestFactory
    Stream<DynamicTest> stepsAfterTheCutAreThoseOfTheMaskedOriginal() {
        return networks().entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(
                        entry.getKey(),
                        () -> check(
                                entry.getKey().replace(' ', '-'),
                                entry.getValue().get())));
    }

    private void check(String name, Trainable trainable) throws IOException {
        Path file = Testing.save(trainable.train(3).network(), folder.resolve(name + ".zip"));
        Path pruned = folder.resolve(name + "-pruned.zip");
        List<Edit> edits = Testing.prunedWith(file, pruned, "channels=60%");
        Archive archive = Archive.open(file);
        FlatArray data = FlatArray.parse("coefficients", archive.read(Archive.COEFFICIENTS, Integer.MAX_VALUE));
        Network network = Network.of(ConfigParser.parse(archive.read(Archive.CONFIGURATION, Integer.MAX_VALUE)));
        LiftedNetwork lifted = NetworkLifter.lift(network, data);
        BitSet removed = EditedNetwork.of(lifted, data, edits).removed();
        BitSet removedState = UpdaterState.of(lifted.blocks()).removed(removed);

        Model smaller = restore(trainable.network(), pruned);
        Model whole = restore(trainable.network(), file);
        assertThat(removed.cardinality()).isPositive();
        for (int step = 0; step < STEPS; step++) {
            clear(whole.params(), removed);
            clear(state(whole), removedState);
            new Trainable(whole, trainable.batch()).train(1);
            new Trainable(smaller, trainable.batch()).train(1);
        }
        assertEqual(smaller.params(), whole.params(), removed);
        assertEqual(state(smaller), state(whole), removedState);
    }

    private static Model restore(Model like, Path file) throws IOException {
        return like instanceof MultiLayerNetwork
                ? ModelSerializer.restoreMultiLayerNetwork(file.toFile(), true)
                : ModelSerializer.restoreComputationGraph(file.toFile(), true);
    }

    private static INDArray state(Model network) {
        return network instanceof MultiLayerNetwork chain
                ? chain.getUpdater().getStateViewArray()
                : ((ComputationGraph) network).getUpdater().getStateViewArray();
    }

    private static void clear(INDArray vector, BitSet places) {
        places.stream().forEach(place -> vector.putScalar(place, 0));
    }

    private static void assertEqual(INDArray smaller, INDArray whole, BitSet removed) {
        float[] all = whole.dup('c').data().asFloat();
        List<Float> kept = new ArrayList<>();
        for (int i = 0; i < all.length; i++) {
            if (!removed.get(i)) {
                kept.add(all[i]);
            }
        }
        float[] found = smaller.dup('c').data().asFloat();
        assertThat(found).hasSize(kept.size());
        float largest = 0;
        float difference = 0;
        for (int i = 0; i < found.length; i++) {
            largest = Math.max(largest, Math.abs(found[i]));
            difference = Math.max(difference, Math.abs(found[i] - kept.get(i)));
        }
        assertThat(largest).isPositive();
        assertThat(difference / largest).isLessThan(2e-4f);
    }
}
