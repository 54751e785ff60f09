package io.espalier.adapter.dl4j;

import static io.espalier.adapter.dl4j.TestingNetworks.layers;
import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.engine.run.PruningReport;
import io.espalier.engine.verify.Verification.Outcome;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.AutoEncoder;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.Deconvolution3D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.GravesLSTM;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SelfAttentionLayer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;
import org.deeplearning4j.nn.conf.layers.Subsampling3DLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling1D;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.Upsampling3D;
import org.deeplearning4j.nn.conf.layers.ZeroPadding1DLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPadding3DLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping1D;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping3D;
import org.deeplearning4j.nn.conf.layers.misc.ElementWiseMultiplicationLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.RepeatVector;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.layers.recurrent.TimeDistributed;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Every layer computes in the neutral graph what it computes in DL4J. */
@SuppressWarnings({"deprecation", "rawtypes"
}) // Saved networks hold GravesLSTM still; the builder of RepeatVector is raw.
class LayersTest {

    @TempDir
    Path folder;

    /** Networks in which nothing can go: what they compute of their input is returned. */
    private static final Set<String> UNCUT = Set.of("self attention without projection", "element-wise multiplication");

    private static final InputType IMAGE = InputType.convolutional(12, 10, 3);
    private static final InputType SEQUENCE = InputType.recurrent(4, 6);
    private static final InputType VOLUME = InputType.convolutional3D(Convolution3D.DataFormat.NCDHW, 9, 12, 10, 2);

    private static OutputLayer output() {
        return new OutputLayer.Builder(LossFunction.MSE)
                .nOut(3)
                .activation(Activation.IDENTITY)
                .build();
    }

    private static RnnOutputLayer outputOverTime() {
        return new RnnOutputLayer.Builder(LossFunction.MSE)
                .nOut(3)
                .activation(Activation.SOFTMAX)
                .build();
    }

    private static GlobalPoolingLayer global(PoolingType type) {
        return new GlobalPoolingLayer.Builder(type).build();
    }

    private static ConvolutionLayer convolution() {
        return new ConvolutionLayer.Builder(3, 3).nOut(5).build();
    }

    private static SubsamplingLayer pool(SubsamplingLayer.PoolingType type, ConvolutionMode mode) {
        return new SubsamplingLayer.Builder(type)
                .kernelSize(3, 2)
                .stride(2, 2)
                .convolutionMode(mode)
                .pnorm(2)
                .build();
    }

    private static Map<String, Supplier<MultiLayerNetwork>> networks() {
        Map<String, Supplier<MultiLayerNetwork>> all = new LinkedHashMap<>();
        images(all);
        sequences(all);
        volumes(all);
        vectors(all);
        for (Activation activation : Activation.values()) {
            if (activation != Activation.RATIONALTANH) {
                all.put(
                        "activation " + activation,
                        () -> layers(IMAGE, convolution(), new ActivationLayer(activation)));
            }
        }
        return all;
    }

    private static void images(Map<String, Supplier<MultiLayerNetwork>> all) {
        all.put(
                "convolution",
                () -> layers(
                        IMAGE,
                        new ConvolutionLayer.Builder(3, 2)
                                .nOut(5)
                                .stride(2, 1)
                                .padding(1, 0)
                                .dilation(2, 1)
                                .build(),
                        output()));
        all.put(
                "convolution without bias",
                () -> layers(
                        IMAGE,
                        new ConvolutionLayer.Builder(3, 3)
                                .nOut(5)
                                .hasBias(false)
                                .convolutionMode(ConvolutionMode.Same)
                                .stride(2, 2)
                                .build(),
                        output()));
        all.put(
                "depthwise",
                () -> layers(
                        IMAGE,
                        new DepthwiseConvolution2D.Builder(3, 3)
                                .depthMultiplier(2)
                                .nOut(6)
                                .build(),
                        output()));
        all.put(
                "separable",
                () -> layers(
                        IMAGE,
                        new SeparableConvolution2D.Builder(3, 3)
                                .depthMultiplier(2)
                                .nOut(5)
                                .build(),
                        output()));
        all.put(
                "deconvolution",
                () -> layers(
                        IMAGE,
                        convolution(),
                        new Deconvolution2D.Builder(3, 3).stride(2, 2).nOut(4).build(),
                        output()));
        all.put(
                "deconvolution, same",
                () -> layers(
                        IMAGE,
                        new Deconvolution2D.Builder(3, 3)
                                .stride(2, 2)
                                .nOut(4)
                                .convolutionMode(ConvolutionMode.Same)
                                .build(),
                        output()));
        for (SubsamplingLayer.PoolingType type : new SubsamplingLayer.PoolingType[] {
            SubsamplingLayer.PoolingType.MAX, SubsamplingLayer.PoolingType.AVG, SubsamplingLayer.PoolingType.PNORM
        }) {
            for (ConvolutionMode mode : new ConvolutionMode[] {ConvolutionMode.Truncate, ConvolutionMode.Same}) {
                all.put("pool " + type + " " + mode, () -> layers(IMAGE, convolution(), pool(type, mode), output()));
            }
        }
        for (PoolingType type : PoolingType.values()) {
            all.put("global pool " + type, () -> layers(IMAGE, convolution(), global(type), output()));
        }
        all.put(
                "up, pad, crop",
                () -> layers(
                        IMAGE,
                        convolution(),
                        new Upsampling2D.Builder(2).build(),
                        new ZeroPaddingLayer(1, 2),
                        new Cropping2D(1, 0, 2, 3),
                        output()));
        all.put(
                "norms",
                () -> layers(
                        IMAGE,
                        convolution(),
                        new BatchNormalization(),
                        new LocalResponseNormalization(),
                        new BatchNormalization.Builder().useLogStd(false).build(),
                        new BatchNormalization.Builder().lockGammaBeta(true).build(),
                        output()));
    }

    private static void sequences(Map<String, Supplier<MultiLayerNetwork>> all) {
        all.put(
                "convolution over time",
                () -> layers(
                        SEQUENCE,
                        new Convolution1DLayer.Builder(3).nOut(5).build(),
                        new Subsampling1DLayer.Builder(SubsamplingLayer.PoolingType.MAX, 2, 1).build(),
                        new Upsampling1D.Builder(2).build(),
                        new ZeroPadding1DLayer(1, 2),
                        new Cropping1D(1, 1),
                        global(PoolingType.AVG),
                        output()));
        all.put(
                "causal convolution",
                () -> layers(
                        SEQUENCE,
                        new Convolution1DLayer.Builder(3)
                                .nOut(5)
                                .dilation(2)
                                .convolutionMode(ConvolutionMode.Causal)
                                .build(),
                        outputOverTime()));
        all.put(
                "lstm",
                () -> layers(
                        SEQUENCE,
                        new LSTM.Builder().nOut(5).activation(Activation.TANH).build(),
                        outputOverTime()));
        all.put(
                "graves lstm",
                () -> layers(
                        SEQUENCE,
                        new GravesLSTM.Builder()
                                .nOut(5)
                                .activation(Activation.SOFTSIGN)
                                .gateActivationFunction(Activation.HARDSIGMOID)
                                .build(),
                        outputOverTime()));
        all.put(
                "simple rnn",
                () -> layers(SEQUENCE, new SimpleRnn.Builder().nOut(5).build(), outputOverTime()));
        for (Bidirectional.Mode mode : Bidirectional.Mode.values()) {
            all.put(
                    "bidirectional " + mode,
                    () -> layers(
                            SEQUENCE,
                            new Bidirectional(
                                    mode,
                                    new GravesLSTM.Builder()
                                            .nOut(5)
                                            .activation(Activation.TANH)
                                            .build()),
                            outputOverTime()));
        }
        all.put(
                "last time step",
                () -> layers(
                        SEQUENCE,
                        new LastTimeStep(new SimpleRnn.Builder()
                                .nOut(5)
                                .activation(Activation.TANH)
                                .build()),
                        output()));
        all.put(
                "dense over time",
                () -> layers(
                        SEQUENCE,
                        new LSTM.Builder().nOut(5).activation(Activation.TANH).build(),
                        new DenseLayer.Builder().nOut(4).build(),
                        new LSTM.Builder().nOut(3).activation(Activation.TANH).build(),
                        new DenseLayer.Builder().nOut(4).build(),
                        output()));
        all.put(
                "time distributed",
                () -> layers(
                        SEQUENCE,
                        new TimeDistributed(new DenseLayer.Builder().nOut(4).build()),
                        outputOverTime()));
        all.put(
                "self attention",
                () -> layers(
                        SEQUENCE,
                        new SelfAttentionLayer.Builder()
                                .nOut(5)
                                .nHeads(2)
                                .headSize(3)
                                .projectInput(true)
                                .build(),
                        global(PoolingType.MAX),
                        output()));
        all.put(
                "self attention without projection",
                () -> layers(
                        SEQUENCE,
                        new SelfAttentionLayer.Builder()
                                .nIn(4)
                                .nOut(4)
                                .nHeads(1)
                                .projectInput(false)
                                .build(),
                        global(PoolingType.MAX),
                        output()));
        all.put(
                "embedded sequence",
                () -> layers(
                        InputType.recurrent(7),
                        new EmbeddingSequenceLayer.Builder().nIn(7).nOut(4).build(),
                        new LSTM.Builder().nOut(5).activation(Activation.TANH).build(),
                        outputOverTime()));
    }

    private static void volumes(Map<String, Supplier<MultiLayerNetwork>> all) {
        all.put(
                "volumes",
                () -> layers(
                        VOLUME,
                        new Convolution3D.Builder(2, 2, 2)
                                .nOut(3)
                                .convolutionMode(ConvolutionMode.Same)
                                .build(),
                        new Subsampling3DLayer.Builder()
                                .kernelSize(2, 2, 2)
                                .stride(2, 2, 2)
                                .convolutionMode(ConvolutionMode.Same)
                                .build(),
                        new Upsampling3D.Builder(2).build(),
                        new ZeroPadding3DLayer.Builder(1).build(),
                        new Cropping3D.Builder(1, 1, 1).build(),
                        global(PoolingType.AVG),
                        output()));
        all.put(
                "deconvolved volumes",
                () -> layers(
                        VOLUME,
                        new Deconvolution3D.Builder()
                                .kernelSize(2, 2, 2)
                                .stride(2, 2, 2)
                                .nOut(4)
                                .build(),
                        global(PoolingType.AVG),
                        output()));
    }

    private static void vectors(Map<String, Supplier<MultiLayerNetwork>> all) {
        InputType vector = InputType.feedForward(6);
        all.put(
                "dense",
                () -> layers(
                        vector, new DenseLayer.Builder().nOut(5).hasBias(false).build(), output()));
        all.put(
                "normalised vectors",
                () -> layers(vector, new DenseLayer.Builder().nOut(5).build(), new BatchNormalization(), output()));
        all.put(
                "auto-encoder",
                () -> layers(vector, new AutoEncoder.Builder().nOut(4).build(), output()));
        all.put(
                "element-wise multiplication",
                () -> layers(
                        vector,
                        new ElementWiseMultiplicationLayer.Builder()
                                .nIn(6)
                                .nOut(6)
                                .build(),
                        output()));
        all.put(
                "frozen",
                () -> layers(
                        vector, new FrozenLayer(new DenseLayer.Builder().nOut(4).build()), output()));
        all.put(
                "repeated",
                () -> layers(
                        vector,
                        new DenseLayer.Builder().nOut(4).build(),
                        new RepeatVector.Builder(3).build(),
                        outputOverTime()));
        all.put(
                "embedding",
                () -> layers(
                        InputType.feedForward(7),
                        new EmbeddingLayer.Builder()
                                .nIn(7)
                                .nOut(5)
                                .hasBias(true)
                                .build(),
                        output()));
    }

    @TestFactory
    Stream<DynamicTest> everyLayerComputesWhatItComputesInDl4j() {
        return networks().entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
                    String name = entry.getKey().replaceAll("[^a-zA-Z0-9]", "-");
                    MultiLayerNetwork network = entry.getValue().get();
                    TestingNetworks.stir(network);
                    Path file = Testing.save(network, folder.resolve(name + ".zip"));
                    Testing.assertLiftedAsDl4jComputes(file);
                    if (!UNCUT.contains(entry.getKey()) && !name.startsWith("activation")) {
                        PruningReport report =
                                Testing.prune(file, folder.resolve(name + "-pruned.zip"), "channels=70%");
                        assertThat(report.verification().outcome()).isEqualTo(Outcome.PROVED);
                    }
                }));
    }
}
