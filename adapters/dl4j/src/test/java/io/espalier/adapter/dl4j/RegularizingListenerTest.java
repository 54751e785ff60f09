package io.espalier.adapter.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.adapter.dl4j.TestingNetworks.Trainable;
import io.espalier.adapter.dl4j.train.NetworkRegularizing;
import io.espalier.adapter.dl4j.train.PrunedTraining;
import io.espalier.adapter.dl4j.train.PruningListener;
import io.espalier.adapter.dl4j.train.RegularizingListener;
import io.espalier.api.Espalier;
import io.espalier.engine.allocate.Target;
import io.espalier.engine.regularize.RegularizedNetwork;
import io.espalier.engine.regularize.RegularizerTask;
import io.espalier.graph.operator.Operators;
import io.espalier.plugin.regularizers.HessoRegularizer;
import io.espalier.plugin.regularizers.SfpRegularizer;
import io.espalier.plugin.regularizers.SlimmingRegularizer;
import io.espalier.spi.option.Options;
import io.espalier.spi.regularizer.Regularizer;
import io.espalier.spi.schedule.PruningStep;
import io.espalier.testkit.TestingRunContext;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.Sgd;

class RegularizingListenerTest {

    private static final int EPOCHS = 5;
    private static final double SAME = 1e-5;

    @TempDir
    private Path folder;

    private static NetworkRegularizing starting(Regularizer regularizer, Map<String, String> typed) {
        Options options = Options.resolve("regularizer", regularizer.options(), typed);
        return (model, weights, share, updates, epochs) -> {
            Target target = Target.parse(String.format(Locale.ROOT, "channels=%.6f%%", 100 * share));
            RegularizedNetwork network = RegularizedNetwork.of(model.graph(), Operators.standard(), weights, target);
            return regularizer.start(new RegularizerTask(
                    regularizer.name(), options, network, updates, epochs, new TestingRunContext(1)));
        };
    }

    private static ListDataSetIterator<DataSet> batches(DataSet data) {
        return new ListDataSetIterator<>(data.asList(), Math.max(1, data.numExamples() / 2));
    }

    private static void prune(Path input, Path output, double share) {
        try (Espalier espalier = Espalier.open()) {
            espalier.prune(input)
                    .target(String.format(Locale.ROOT, "channels=%.6f%%", 100 * share))
                    .criterion("l2")
                    .normalise("none")
                    .allocator("global")
                    .roundTo(1)
                    .withoutLatency()
                    .to(output);
        }
    }

    private static MultiLayerNetwork restored(Path file) {
        try {
            return ModelSerializer.restoreMultiLayerNetwork(file.toFile(), true);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    static Stream<Regularizer> zeroing() {
        return Stream.of(new HessoRegularizer(), new SfpRegularizer());
    }

    private static Map<String, String> options(Regularizer regularizer) {
        return regularizer instanceof HessoRegularizer ? Map.of("periods", "2", "end", "0.7") : Map.of();
    }

    @ParameterizedTest
    @MethodSource("zeroing")
    @DisplayName("Trained with fit, and cut afterwards: what goes is zero")
    void beforeACut(Regularizer regularizer) {
        Trainable lenet = TestingNetworks.lenet(new Nesterovs(0.01, 0.9));
        MultiLayerNetwork network = (MultiLayerNetwork) lenet.network();
        network.setListeners(
                new RegularizingListener(List.of(), 0.6, EPOCHS, 2, starting(regularizer, options(regularizer))));
        network.fit(batches(lenet.batch()), EPOCHS);
        Path input = Testing.save(network, folder.resolve("trained.zip"));
        prune(input, folder.resolve("pruned.zip"), 0.6);

        MultiLayerNetwork pruned = restored(folder.resolve("pruned.zip"));
        assertThat(pruned.numParams()).isLessThan(network.numParams());
        assertSame(network, pruned, lenet.batch());
    }

    @ParameterizedTest
    @MethodSource("zeroing")
    @DisplayName("Before each of two cuts, on the network that is left: what goes is zero")
    void beforeTwoCuts(Regularizer regularizer) {
        Trainable lenet = TestingNetworks.lenet(new Nesterovs(0.01, 0.9));
        List<PruningStep> steps = List.of(new PruningStep(2, 0.5), new PruningStep(4, 1));
        List<Long> sizes = new ArrayList<>();
        PruningListener cuts = new PruningListener(steps, 0.6, (input, output, share) -> {
            prune(input, output, share);
            MultiLayerNetwork before = restored(input);
            MultiLayerNetwork after = restored(output);
            sizes.add(before.numParams() - after.numParams());
            assertSame(before, after, lenet.batch());
        });
        MultiLayerNetwork network = (MultiLayerNetwork) lenet.network();
        network.setListeners(
                new RegularizingListener(steps, 0.6, EPOCHS, 2, starting(regularizer, options(regularizer))));
        PrunedTraining.fit(network, batches(lenet.batch()), EPOCHS, cuts);

        assertThat(sizes).hasSize(2).allMatch(each -> each > 0);
    }

    private static void assertSame(MultiLayerNetwork one, MultiLayerNetwork other, DataSet data) {
        float[] wanted = one.output(data.getFeatures()).dup('c').data().asFloat();
        float[] found = other.output(data.getFeatures()).dup('c').data().asFloat();
        for (int i = 0; i < wanted.length; i++) {
            assertThat((double) found[i]).as("output %d", i).isCloseTo(wanted[i], within(SAME));
        }
    }

    @Test
    @DisplayName(
            "The gradient of the penalty counts as it is, whatever the size of the batch, and nothing else changes")
    void gradients() {
        double rate = 0.1;
        double strength = 0.5;
        Trainable with = TestingNetworks.resnet(new Sgd(rate));
        Trainable without = TestingNetworks.resnet(new Sgd(rate));
        INDArray scales = gammas(with.network()).dup();
        ((ComputationGraph) with.network())
                .setListeners(new RegularizingListener(
                        List.of(),
                        0.5,
                        1,
                        1,
                        starting(new SlimmingRegularizer(), Map.of("strength", Double.toString(strength)))));
        ((ComputationGraph) with.network()).fit(new ListDataSetIterator<>(List.of(with.batch()), 1));
        ((ComputationGraph) without.network()).fit(new ListDataSetIterator<>(List.of(without.batch()), 1));

        float[] found = gammas(with.network()).dup('c').data().asFloat();
        float[] plain = gammas(without.network()).dup('c').data().asFloat();
        float[] before = scales.dup('c').data().asFloat();
        for (int i = 0; i < found.length; i++) {
            assertThat((double) found[i] - plain[i]).isCloseTo(-rate * strength * Math.signum(before[i]), within(1e-6));
        }
        INDArray weights = ((ComputationGraph) with.network()).getParam("stem_W");
        assertThat(weights).isEqualTo(((ComputationGraph) without.network()).getParam("stem_W"));
    }

    private static INDArray gammas(org.deeplearning4j.nn.api.Model network) {
        return ((ComputationGraph) network).getParam("block1/norm1_gamma");
    }

    @Test
    @DisplayName("Layers that are frozen stay as they are")
    void frozen() {
        MultiLayerNetwork network = new MultiLayerNetwork(TestingNetworks.builder(new Sgd(0.1))
                .list()
                .layer(new FrozenLayer(new DenseLayer.Builder().nOut(8).build()))
                .layer(new DenseLayer.Builder().nOut(8).build())
                .layer(new OutputLayer.Builder()
                        .nOut(4)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.feedForward(6))
                .build());
        network.init();
        INDArray before = network.getParam("0_W").dup();
        INDArray free = network.getParam("1_W").dup();
        network.setListeners(
                new RegularizingListener(List.of(), 0.5, EPOCHS, 1, starting(new SfpRegularizer(), Map.of())));
        DataSet data = new DataSet(
                org.nd4j.linalg.factory.Nd4j.rand(8, 6),
                org.nd4j.linalg.factory.Nd4j.eye(4).repeat(0, 2));
        network.fit(new ListDataSetIterator<>(List.of(data), 1), EPOCHS);

        assertThat(network.getParam("0_W")).isEqualTo(before);
        assertThat(network.getParam("1_W")).isNotEqualTo(free);
        assertThat(network.getParam("1_W").sum(0).dup('c').data().asFloat()).contains(0);
    }
}
