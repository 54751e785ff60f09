package io.espalier.adapter.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.engine.coupling.channel.CoupledChannel;
import io.espalier.engine.coupling.channel.Group;
import io.espalier.engine.verify.Verification;
import io.espalier.engine.verify.Verification.Outcome;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.graph.LayerName;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Small networks as people have them, and others like them. */
class FieldNetworksTest {

    private static final int SEEDS = 6;
    private static final int WIDTH = 12;

    @TempDir
    Path folder;

    @Test
    void layersAreCalledAsInTheConfiguration() throws URISyntaxException {
        try (Model model = new Dl4jAdapter().open(file("dl4j-dilated-same"))) {
            assertThat(model.layers().values())
                    .extracting(LayerName::module)
                    .contains("layer0", "layer1", "layer3")
                    .hasSameSizeAs(model.graph().nodes());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dl4j-dilated-same", "dl4j-dw-dilated", "dl4j-subset-tailonly", "dl4j-subset-tail-all"})
    void halfOfTheChannelsAreRemoved(String name) throws URISyntaxException {
        for (int seed = 0; seed < 2; seed++) {
            try (TestingCut cut = new TestingCut(file(name))) {
                List<CoupledChannel> channels = new ArrayList<>();
                for (Group group : cut.groups()) {
                    List<CoupledChannel> shuffled = new ArrayList<>(group.channels());
                    Collections.shuffle(shuffled, new Random(seed));
                    channels.addAll(shuffled.subList(0, shuffled.size() / 2));
                }
                isProved(cut.prove(channels, folder.resolve("pruned.zip")), name + ", seed " + seed);
            }
        }
    }

    @Test
    void theWidthOfAttentionWithoutProjectionIsKeptBecauseItIsItsScale() throws URISyntaxException {
        Path file = file("dl4j-attention-unprojected");
        Testing.assertLiftedAsDl4jComputes(file);
        assertThatThrownBy(() -> Testing.prune(file, folder.resolve("pruned.zip"), "channels=50%"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("SelfAttentionLayer divides by the root of its extent");
    }

    @Test
    void aVertexThatCannotBeLiftedIsNamedAtOpening() throws URISyntaxException {
        Path file = file("dl4j-l2vertex");
        assertThatThrownBy(() -> new Dl4jAdapter().open(file))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("L2Vertex");
    }

    /** Windows of any kernel, dilation and stride that pad as much as they need. */
    @Test
    void dilatedWindows() {
        for (long seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            MultiLayerNetwork network = TestingNetworks.layers(
                    InputType.convolutional(12, 10, 2),
                    convolution(random),
                    pool(random),
                    seed % 2 == 0 ? depthwise(random) : separable(random),
                    convolution(random),
                    new GlobalPoolingLayer.Builder(PoolingType.AVG).build(),
                    output());
            check(network, seed);
        }
    }

    @Test
    void dilatedWindowsOverTime() {
        for (long seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            MultiLayerNetwork network = TestingNetworks.layers(
                    InputType.recurrent(3, 12),
                    overTime(random),
                    overTime(random),
                    new GlobalPoolingLayer.Builder(PoolingType.MAX).build(),
                    output());
            check(network, seed);
        }
    }

    private void check(MultiLayerNetwork network, long seed) {
        Path file = Testing.save(network, folder.resolve("dilated" + seed + ".zip"));
        Testing.assertLiftedAsDl4jComputes(file);
        Verification proof = Testing.prune(file, folder.resolve("pruned" + seed + ".zip"), "channels=50%")
                .verification();
        isProved(proof, "seed " + seed);
    }

    private static int[] pair(Random random, int bound) {
        return new int[] {1 + random.nextInt(bound), 1 + random.nextInt(bound)};
    }

    private static Layer convolution(Random random) {
        return new ConvolutionLayer.Builder(pair(random, 4), pair(random, 2))
                .dilation(pair(random, 3))
                .nOut(4)
                .convolutionMode(ConvolutionMode.Same)
                .build();
    }

    private static Layer depthwise(Random random) {
        return new DepthwiseConvolution2D.Builder(pair(random, 4))
                .dilation(pair(random, 3))
                .depthMultiplier(2)
                .nOut(8)
                .convolutionMode(ConvolutionMode.Same)
                .build();
    }

    private static Layer separable(Random random) {
        return new SeparableConvolution2D.Builder(pair(random, 4))
                .dilation(pair(random, 3))
                .nOut(5)
                .convolutionMode(ConvolutionMode.Same)
                .build();
    }

    private static Layer pool(Random random) {
        return new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX, pair(random, 3), pair(random, 2))
                .dilation(pair(random, 3))
                .convolutionMode(ConvolutionMode.Same)
                .build();
    }

    private static Layer overTime(Random random) {
        return new Convolution1DLayer.Builder(1 + random.nextInt(4))
                .dilation(1 + random.nextInt(3))
                .nOut(6)
                .convolutionMode(ConvolutionMode.Same)
                .build();
    }

    private static OutputLayer output() {
        return new OutputLayer.Builder(LossFunction.MSE)
                .nOut(3)
                .activation(Activation.IDENTITY)
                .build();
    }

    /** Whatever part of a sum a subset takes: nothing is left before it, or behind it, or on either side. */
    @Test
    void subsetsOfWhatIsLeft() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            int from = random.nextInt(WIDTH - 2);
            int to = from + 1 + random.nextInt(WIDTH - 1 - from);
            Path file = Testing.save(subset(from, to), folder.resolve("subset" + seed + ".zip"));
            try (TestingCut cut = new TestingCut(file)) {
                for (List<Integer> removed : List.of(
                        range(0, from),
                        range(to + 1, WIDTH),
                        range(from + 1, to),
                        range(from, from + 1),
                        range(to, WIDTH))) {
                    List<CoupledChannel> all = cut.groups().stream()
                            .flatMap(group -> group.channels().stream())
                            .sorted(Comparator.comparingInt(channel -> channel.classes()[0]))
                            .toList();
                    List<CoupledChannel> channels =
                            removed.stream().map(all::get).toList();
                    if (!channels.isEmpty()) {
                        isProved(
                                cut.prove(channels, folder.resolve("pruned.zip")),
                                "seed " + seed + ", " + removed + " of " + from + " to " + to);
                    }
                }
            }
        }
    }

    private static List<Integer> range(int from, int to) {
        List<Integer> range = new ArrayList<>();
        for (int i = from; i < to; i++) {
            range.add(i);
        }
        return range;
    }

    private static ComputationGraph subset(int from, int to) {
        ComputationGraph network = new ComputationGraph(TestingNetworks.builder(new Adam(1e-3))
                .graphBuilder()
                .addInputs("in")
                .addLayer("a", new DenseLayer.Builder().nOut(WIDTH).build(), "in")
                .addLayer("b", new DenseLayer.Builder().nOut(WIDTH).build(), "in")
                .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "a", "b")
                .addVertex("some", new SubsetVertex(from, to), "sum")
                .addLayer("out", output(), "some")
                .setOutputs("out")
                .setInputTypes(InputType.feedForward(5))
                .build());
        network.init();
        return network;
    }

    private static void isProved(Verification proof, String what) {
        assertThat(proof.outcome()).as("%s: %s", what, proof).isEqualTo(Outcome.PROVED);
    }

    private static Path file(String name) throws URISyntaxException {
        return Path.of(
                FieldNetworksTest.class.getResource("/field/" + name + ".zip").toURI());
    }
}
