package io.espalier.adapter.dl4j;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration.ListBuilder;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Small networks of the usual kinds with data to train them on. */
final class TestingNetworks {

    private static final int BATCH = 6;

    private TestingNetworks() {}

    /**
     * A network and one batch for it.
     *
     * @param network initialised, not trained
     * @param batch features and labels
     */
    record Trainable(Model network, DataSet batch) {

        /** Takes some steps. */
        Trainable train(int steps) {
            for (int i = 0; i < steps; i++) {
                if (network instanceof MultiLayerNetwork chain) {
                    chain.fit(batch);
                } else {
                    ((ComputationGraph) network).fit(batch);
                }
            }
            return this;
        }
    }

    /** All networks by name. */
    static Map<String, Supplier<Trainable>> all() {
        Map<String, Supplier<Trainable>> all = new LinkedHashMap<>();
        all.put("lenet", () -> lenet(new Adam(1e-3)));
        all.put("vgg", TestingNetworks::vgg);
        all.put("resnet", () -> resnet(new Nesterovs(0.01, 0.9)));
        all.put("unet", TestingNetworks::unet);
        all.put("inception", TestingNetworks::inception);
        all.put("char-lstm", TestingNetworks::charLstm);
        all.put("bidirectional-lstm", TestingNetworks::bidirectional);
        all.put("autoencoder", TestingNetworks::autoencoder);
        return all;
    }

    static NeuralNetConfiguration.Builder builder(IUpdater updater) {
        return new NeuralNetConfiguration.Builder().seed(12).updater(updater).activation(Activation.RELU);
    }

    private static MultiLayerNetwork chain(ListBuilder layers) {
        MultiLayerNetwork network = new MultiLayerNetwork(layers.build());
        network.init();
        return network;
    }

    private static ComputationGraph graph(GraphBuilder vertices) {
        ComputationGraph network = new ComputationGraph(vertices.build());
        network.init();
        return network;
    }

    static ConvolutionLayer convolution(int kernel, int out) {
        return new ConvolutionLayer.Builder(kernel, kernel)
                .nOut(out)
                .convolutionMode(ConvolutionMode.Same)
                .build();
    }

    private static SubsamplingLayer halve() {
        return new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
                .kernelSize(2, 2)
                .stride(2, 2)
                .build();
    }

    private static OutputLayer classes(int count) {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .nOut(count)
                .activation(Activation.SOFTMAX)
                .build();
    }

    static INDArray labels(int batch, int classes) {
        INDArray labels = Nd4j.zeros(batch, classes);
        for (int i = 0; i < batch; i++) {
            labels.putScalar(i, i % classes, 1);
        }
        return labels;
    }

    private static INDArray noise(long... shape) {
        return Nd4j.randn(shape).mul(0.5);
    }

    static Trainable lenet(IUpdater updater) {
        MultiLayerNetwork network = chain(builder(updater)
                .list()
                .layer(new ConvolutionLayer.Builder(5, 5).nOut(6).build())
                .layer(halve())
                .layer(new ConvolutionLayer.Builder(3, 3).nOut(8).build())
                .layer(halve())
                .layer(new DenseLayer.Builder().nOut(16).build())
                .layer(classes(4))
                .setInputType(InputType.convolutionalFlat(16, 16, 1)));
        return new Trainable(network, new DataSet(noise(BATCH, 256), labels(BATCH, 4)));
    }

    private static Trainable vgg() {
        MultiLayerNetwork network = chain(builder(new AMSGrad(1e-3))
                .biasUpdater(new RmsProp(1e-3))
                .list()
                .layer(convolution(3, 6))
                .layer(convolution(3, 6))
                .layer(halve())
                .layer(convolution(3, 8))
                .layer(convolution(3, 8))
                .layer(halve())
                .layer(new DenseLayer.Builder().nOut(16).build())
                .layer(new DropoutLayer(0.5))
                .layer(classes(4))
                .setInputType(InputType.convolutional(16, 16, 3)));
        return new Trainable(network, new DataSet(noise(BATCH, 3, 16, 16), labels(BATCH, 4)));
    }

    static Trainable resnet(IUpdater updater) {
        GraphBuilder vertices = builder(updater).graphBuilder().addInputs("image");
        vertices.addLayer("stem", convolution(3, 8), "image");
        vertices.addLayer("stem-norm", new BatchNormalization(), "stem");
        String last = "stem-norm";
        for (int block = 1; block <= 2; block++) {
            String name = "block" + block + "/";
            vertices.addLayer(name + "conv1", convolution(3, 8), last);
            vertices.addLayer(name + "norm1", new BatchNormalization(), name + "conv1");
            vertices.addLayer(name + "relu1", new ActivationLayer(Activation.RELU), name + "norm1");
            vertices.addLayer(name + "conv2", convolution(3, 8), name + "relu1");
            vertices.addLayer(name + "norm2", new BatchNormalization(), name + "conv2");
            vertices.addVertex(name + "add", new ElementWiseVertex(ElementWiseVertex.Op.Add), name + "norm2", last);
            last = name + "add";
        }
        vertices.addVertex("both", new MergeVertex(), last, "stem-norm");
        vertices.addLayer("pool", new GlobalPoolingLayer.Builder(PoolingType.AVG).build(), "both");
        vertices.addLayer("classes", classes(4), "pool");
        vertices.setOutputs("classes").setInputTypes(InputType.convolutional(8, 8, 3));
        return new Trainable(graph(vertices), new DataSet(noise(BATCH, 3, 8, 8), labels(BATCH, 4)));
    }

    /** Two sums of a value and two branches of it each. */
    static Trainable branches(IUpdater updater) {
        GraphBuilder vertices = builder(updater).graphBuilder().addInputs("image");
        vertices.addLayer("stem", convolution(3, 8), "image");
        String last = "stem";
        for (int sum = 1; sum <= 2; sum++) {
            String name = "sum" + sum + "/";
            for (String branch : List.of("a", "b")) {
                vertices.addLayer(name + branch + "1", convolution(3, 6), last);
                vertices.addLayer(name + branch + "2", convolution(3, 8), name + branch + "1");
            }
            vertices.addVertex(
                    name + "add", new ElementWiseVertex(ElementWiseVertex.Op.Add), name + "a2", last, name + "b2");
            vertices.addLayer(name + "relu", new ActivationLayer(Activation.RELU), name + "add");
            last = name + "relu";
        }
        vertices.addLayer("pool", new GlobalPoolingLayer.Builder(PoolingType.AVG).build(), last);
        vertices.addLayer("classes", classes(4), "pool");
        vertices.setOutputs("classes").setInputTypes(InputType.convolutional(8, 8, 3));
        return new Trainable(graph(vertices), new DataSet(noise(BATCH, 3, 8, 8), labels(BATCH, 4)));
    }

    private static Trainable unet() {
        GraphBuilder vertices = builder(new Adam(1e-3)).graphBuilder().addInputs("image");
        vertices.addLayer("down1", convolution(3, 6), "image");
        vertices.addLayer("half1", halve(), "down1");
        vertices.addLayer("down2", convolution(3, 8), "half1");
        vertices.addLayer("half2", halve(), "down2");
        vertices.addLayer("bottom", convolution(3, 10), "half2");
        vertices.addLayer("double2", new Upsampling2D.Builder(2).build(), "bottom");
        vertices.addVertex("skip2", new MergeVertex(), "double2", "down2");
        vertices.addLayer("up2", convolution(3, 8), "skip2");
        vertices.addLayer("double1", new Upsampling2D.Builder(2).build(), "up2");
        vertices.addVertex("skip1", new MergeVertex(), "double1", "down1");
        vertices.addLayer("up1", convolution(3, 6), "skip1");
        vertices.addLayer("mask", convolution(1, 1), "up1");
        vertices.addLayer(
                "loss",
                new CnnLossLayer.Builder(LossFunction.XENT)
                        .activation(Activation.SIGMOID)
                        .build(),
                "mask");
        vertices.setOutputs("loss").setInputTypes(InputType.convolutional(16, 16, 1));
        INDArray image = noise(BATCH, 1, 16, 16);
        return new Trainable(graph(vertices), new DataSet(image, image.gt(0).castTo(image.dataType())));
    }

    private static Trainable inception() {
        GraphBuilder vertices = builder(new RmsProp(1e-3)).graphBuilder().addInputs("image");
        vertices.addLayer("stem", convolution(3, 8), "image");
        vertices.addLayer("one", convolution(1, 6), "stem");
        vertices.addLayer("three-reduce", convolution(1, 4), "stem");
        vertices.addLayer("three", convolution(3, 6), "three-reduce");
        vertices.addLayer(
                "pool",
                new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.AVG)
                        .kernelSize(3, 3)
                        .stride(1, 1)
                        .convolutionMode(ConvolutionMode.Same)
                        .build(),
                "stem");
        vertices.addLayer("pool-project", convolution(1, 4), "pool");
        vertices.addVertex("merge", new MergeVertex(), "one", "three", "pool-project");
        vertices.addLayer("mix", convolution(3, 8), "merge");
        vertices.addLayer("global", new GlobalPoolingLayer.Builder(PoolingType.MAX).build(), "mix");
        vertices.addLayer("classes", classes(3), "global");
        vertices.setOutputs("classes").setInputTypes(InputType.convolutional(8, 8, 3));
        return new Trainable(graph(vertices), new DataSet(noise(BATCH, 3, 8, 8), labels(BATCH, 3)));
    }

    private static LSTM lstm(int out) {
        return new LSTM.Builder().nOut(out).activation(Activation.TANH).build();
    }

    static INDArray labelsOverTime(int batch, int classes, int time) {
        INDArray labels = Nd4j.zeros(batch, classes, time);
        for (int i = 0; i < batch * time; i++) {
            labels.putScalar(new int[] {i / time, i % classes, i % time}, 1);
        }
        return labels;
    }

    private static Trainable charLstm() {
        MultiLayerNetwork network = chain(builder(new Adam(1e-3))
                .list()
                .layer(lstm(10))
                .layer(lstm(8))
                .layer(new RnnOutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(7)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.recurrent(7)));
        return new Trainable(network, new DataSet(noise(BATCH, 7, 5), labelsOverTime(BATCH, 7, 5)));
    }

    private static Trainable bidirectional() {
        MultiLayerNetwork network = chain(builder(new Nesterovs(0.05, 0.9))
                .list()
                .layer(new Bidirectional(Bidirectional.Mode.CONCAT, lstm(6)))
                .layer(new Bidirectional(Bidirectional.Mode.ADD, lstm(8)))
                .layer(new LastTimeStep(lstm(6)))
                .layer(classes(3))
                .setInputType(InputType.recurrent(5)));
        return new Trainable(network, new DataSet(noise(BATCH, 5, 4), labels(BATCH, 3)));
    }

    private static Trainable autoencoder() {
        MultiLayerNetwork network = chain(builder(new Adam(1e-3))
                .list()
                .layer(new DenseLayer.Builder().nOut(16).build())
                .layer(new DenseLayer.Builder().nOut(4).build())
                .layer(new DenseLayer.Builder().nOut(16).build())
                .layer(new OutputLayer.Builder(LossFunction.MSE)
                        .nOut(24)
                        .activation(Activation.IDENTITY)
                        .build())
                .setInputType(InputType.feedForward(24)));
        INDArray data = noise(BATCH, 24);
        return new Trainable(network, new DataSet(data, data));
    }

    /** A network of layers of any kind. */
    static MultiLayerNetwork layers(InputType input, Layer... layers) {
        ListBuilder list = builder(new Adam(1e-3)).list();
        for (Layer layer : layers) {
            list.layer(layer);
        }
        return chain(list.validateOutputLayerConfig(false).setInputType(input));
    }

    /** Makes every parameter count: biases, statistics and peepholes begin as zeros. */
    static void stir(MultiLayerNetwork network) {
        if (network.numParams() > 0) {
            network.params().addi(Nd4j.randn(network.params().shape()).muli(0.2));
        }
    }
}
