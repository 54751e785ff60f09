package io.espalier.adapter.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.events.JournalReader;
import io.espalier.events.v1.LossReported;
import io.espalier.events.v1.PruningEvent;
import io.espalier.plugin.npz.NpzReader;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.option.Options;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.TestingRunContext;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** The example of the documentation on Fashion-MNIST. */
class PrunedTrainingTest {

    private static final Path EXAMPLES = Path.of("..", "..", "docs", "examples");
    private static final int TRAINED_ON = 768;
    private static final int BATCH = 32;
    private static final int TESTED_ON = 256;
    private static final int CLASSES = 10;

    @TempDir
    Path folder;

    private static DataSet images(Path file, int count) {
        Dataset data = new NpzReader().open(file, Options.none(), new TestingRunContext(0));
        Tensor images = data.arrays().get("image");
        int size = Math.toIntExact(images.size() / images.shape().get(0));
        ByteBuffer bytes = ByteBuffer.allocate(count * size * 4).order(ByteOrder.LITTLE_ENDIAN);
        images.read(0, bytes);
        float[] pixels = new float[count * size];
        bytes.flip().asFloatBuffer().get(pixels);
        long[] classes = Tensors.toLongs(data.arrays().get("label"));
        INDArray labels = Nd4j.zeros(count, CLASSES);
        for (int i = 0; i < count; i++) {
            labels.putScalar(new int[] {i, (int) classes[i]}, 1);
        }
        return new DataSet(Nd4j.create(pixels, new long[] {count, 1, 28, 28}, 'c'), labels);
    }

    private static MultiLayerNetwork network() {
        MultiLayerNetwork network = new MultiLayerNetwork(TestingNetworks.builder(new Adam(3e-3))
                .list()
                .layer(new ConvolutionLayer.Builder(3, 3).nOut(12).stride(2, 2).build())
                .layer(new BatchNormalization())
                .layer(new ConvolutionLayer.Builder(3, 3).nOut(16).build())
                .layer(new SubsamplingLayer.Builder()
                        .kernelSize(2, 2)
                        .stride(2, 2)
                        .build())
                .layer(new DenseLayer.Builder().nOut(32).build())
                .layer(new OutputLayer.Builder()
                        .nOut(CLASSES)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.convolutional(28, 28, 1))
                .build());
        network.init();
        return network;
    }

    /** Compiles the example as a reader would, against what the tests have. */
    private Class<?> compiled(String name) throws ReflectiveOperationException, java.io.IOException {
        Path source = EXAMPLES.resolve("dl4j-training/src/main/java/com/example/" + name + ".java");
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        StringWriter messages = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of("-d", folder.toString(), "-cp", classPath, "-proc:none");
            boolean compiled = compiler.getTask(messages, files, null, options, null, files.getJavaFileObjects(source))
                    .call();
            assertThat(compiled).as(messages.toString()).isTrue();
        }
        URLClassLoader loader = new URLClassLoader(
                new URL[] {folder.toUri().toURL()}, getClass().getClassLoader());
        return loader.loadClass("com.example." + name);
    }

    private Method train() throws ReflectiveOperationException, java.io.IOException {
        return compiled("PruneWhileTraining")
                .getMethod(
                        "train", MultiLayerNetwork.class, DataSetIterator.class, int.class, double.class, Path.class);
    }

    @Test
    void aRegularizerPreparesItsCuts() throws Exception {
        DataSet all = images(EXAMPLES.resolve("fashion-mnist-calibration.npz"), TRAINED_ON);
        MultiLayerNetwork original = network();
        Method train = compiled("RegularizeWhileTraining")
                .getMethod("train", MultiLayerNetwork.class, DataSetIterator.class, int.class, int.class, double.class);

        MultiLayerNetwork pruned = (MultiLayerNetwork) train.invoke(
                null, original, new ListDataSetIterator<>(all.asList(), BATCH), 4, TRAINED_ON / BATCH, 0.5);

        assertThat(pruned.numParams()).isLessThan(original.numParams() * 3 / 4);
        assertThat(pruned.getEpochCount()).isEqualTo(4);
        assertThat(accuracy(pruned, images(EXAMPLES.resolve("fashion-mnist-test.npz"), TESTED_ON)))
                .isGreaterThan(0.4);
    }

    @Test
    void aNetworkShrinksWhileItLearns() throws Exception {
        DataSet all = images(EXAMPLES.resolve("fashion-mnist-calibration.npz"), TRAINED_ON);
        DataSetIterator data = new ListDataSetIterator<>(all.asList(), BATCH);
        DataSet test = images(EXAMPLES.resolve("fashion-mnist-test.npz"), TESTED_ON);
        MultiLayerNetwork original = network();
        AtomicInteger iterations = new AtomicInteger();
        original.setListeners(new BaseTrainingListener() {
            @Override
            public void iterationDone(Model model, int iteration, int epoch) {
                iterations.incrementAndGet();
            }
        });

        MultiLayerNetwork pruned =
                (MultiLayerNetwork) train().invoke(null, original, data, 4, 0.5, folder.resolve("training.events"));

        assertThat(pruned.getLayerWiseConfigurations().getConf(0).getLayer())
                .extracting("nOut")
                .isEqualTo(6L);
        assertThat(pruned.numParams()).isLessThan(original.numParams() / 2);
        assertThat(iterations.get()).as("other listeners hear all of it").isEqualTo(4 * TRAINED_ON / BATCH);
        assertThat(pruned.getEpochCount()).isEqualTo(4);
        assertThat(pruned.getIterationCount()).isEqualTo(4 * TRAINED_ON / BATCH);
        assertThat(accuracy(pruned, test)).isGreaterThan(0.6);
        assertLossesAreTold(folder.resolve("training.events"));
    }

    /** Over all cuts, in order, and falling. */
    private static void assertLossesAreTold(Path journal) throws java.io.IOException {
        JournalReader.Content told = JournalReader.read(journal);
        List<LossReported> losses = told.events().stream()
                .filter(PruningEvent::hasLossReported)
                .map(PruningEvent::getLossReported)
                .toList();
        int updates = 4 * TRAINED_ON / BATCH;

        assertThat(told.ended()).isTrue();
        assertThat(losses)
                .extracting(LossReported::getStep)
                .containsExactlyElementsOf(LongStream.range(0, updates)
                        .filter(step -> step % 8 == 0)
                        .boxed()
                        .toList());
        assertThat(losses.get(0).getEpoch()).isEqualTo(1);
        assertThat(losses.get(losses.size() - 1).getEpoch()).isEqualTo(4);
        assertThat(losses.get(losses.size() - 1).getLoss())
                .isPositive()
                .isLessThan(losses.get(0).getLoss() / 2);
    }

    private static double accuracy(MultiLayerNetwork network, DataSet test) {
        INDArray found = network.output(test.getFeatures()).argMax(1);
        INDArray right = test.getLabels().argMax(1);
        return found.eq(right)
                .castTo(org.nd4j.linalg.api.buffer.DataType.FLOAT)
                .meanNumber()
                .doubleValue();
    }
}
