package io.espalier.adapter.dl4j.run;

import io.espalier.adapter.dl4j.config.ConfigParser;
import io.espalier.adapter.dl4j.config.Network;
import io.espalier.adapter.dl4j.store.Archive;
import io.espalier.spi.execution.ExecutionException;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Function;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.CrashReportingUtil;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/** A network loaded into DL4J. Not thread-safe. */
public final class NetworkRunner implements Runner {

    private static final String LIBRARY = "/META-INF/maven/org.deeplearning4j/deeplearning4j-nn/pom.properties";

    private final List<String> inputs;
    private final List<String> outputs;
    private final Function<INDArray[], INDArray[]> network;
    private final Runnable close;

    /**
     * Loads the libraries of DL4J once, whichever thread comes first. Loaded by two threads at a time they can hang for ever in
     * the dynamic linker.
     */
    private static final class NativeBackend {

        static {
            Nd4j.zeros(1).addi(1);
        }

        private NativeBackend() {}

        static void load() {
            // The class is initialised.
        }
    }

    private NetworkRunner(Graph graph, Function<INDArray[], INDArray[]> network, Runnable close) {
        this.inputs = List.copyOf(graph.inputs().keySet());
        this.outputs = graph.outputs();
        this.network = network;
        this.close = close;
    }

    /** The version of DL4J, as its library names it. */
    public static String version() {
        Properties library = new Properties();
        try (InputStream in = MultiLayerNetwork.class.getResourceAsStream(LIBRARY)) {
            if (in != null) {
                library.load(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the jar of DL4J cannot be read", e);
        }
        return library.getProperty("version", "");
    }

    /**
     * Loads a network.
     *
     * <p>Not through ModelSerializer, which would read a preprocessor in the archive as a serialised object of any class.
     *
     * @param graph the lifted network, for its names
     * @throws ExecutionException when DL4J refuses it
     */
    public static NetworkRunner open(Archive archive, Network.Kind kind, Graph graph) {
        byte[] configuration = archive.read(Archive.CONFIGURATION, ConfigParser.MAX_BYTES);
        ConfigParser.parse(configuration);
        String json = new String(configuration, StandardCharsets.UTF_8);
        try {
            NativeBackend.load();
            // No reports about the machine in the working folder when memory runs out.
            CrashReportingUtil.crashDumpsEnabled(false);
            INDArray parameters =
                    Nd4j.read(new ByteArrayInputStream(archive.read(Archive.COEFFICIENTS, Integer.MAX_VALUE)));
            return kind == Network.Kind.MULTI_LAYER_NETWORK
                    ? chain(json, parameters, graph)
                    : graph(json, parameters, graph);
        } catch (RuntimeException e) {
            throw refused(e);
        } catch (LinkageError e) {
            throw new ExecutionException("the native library of DL4J cannot be loaded: " + e.getMessage(), e);
        }
    }

    private static NetworkRunner chain(String json, INDArray parameters, Graph graph) {
        MultiLayerConfiguration configuration = MultiLayerConfiguration.fromJson(json);
        configuration.setDataType(parameters.dataType());
        MultiLayerNetwork network = new MultiLayerNetwork(configuration);
        network.init(parameters, false);
        return new NetworkRunner(graph, inputs -> new INDArray[] {network.output(inputs[0], false)}, network::close);
    }

    private static NetworkRunner graph(String json, INDArray parameters, Graph graph) {
        ComputationGraphConfiguration configuration = ComputationGraphConfiguration.fromJson(json);
        configuration.setDataType(parameters.dataType());
        ComputationGraph network = new ComputationGraph(configuration);
        network.init(parameters, false);
        return new NetworkRunner(graph, inputs -> network.output(false, inputs), network::close);
    }

    private static ExecutionException refused(Exception e) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return new ExecutionException(message.lines().findFirst().orElse(""), e);
    }

    @Override
    public List<String> inputs() {
        return inputs;
    }

    @Override
    public List<String> outputs() {
        return outputs;
    }

    @Override
    public Map<String, Tensor> run(Map<String, Tensor> values) {
        INDArray[] arrays = new INDArray[inputs.size()];
        for (int i = 0; i < arrays.length; i++) {
            Tensor value = values.get(inputs.get(i));
            if (value == null) {
                throw new ExecutionException("no value was given for input '" + inputs.get(i) + "'", null);
            }
            arrays[i] = Arrays4j.of(value);
        }
        try {
            INDArray[] results = network.apply(arrays);
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            for (int i = 0; i < results.length; i++) {
                tensors.put(outputs.get(i), Arrays4j.tensor(results[i]));
            }
            return tensors;
        } catch (RuntimeException e) {
            throw refused(e);
        }
    }

    /**
     * With one thread, as far as DL4J lets choose: several wait for each other on a busy machine. Its matrix products take their own.
     */
    @Override
    public Duration time(Map<String, Tensor> values) {
        NativeOps operators = NativeOpsHolder.getInstance().getDeviceNativeOps();
        int threads = operators.ompGetMaxThreads();
        int workers = Nd4j.getEnvironment().maxMasterThreads();
        operators.setOmpNumThreads(1);
        Nd4j.getEnvironment().setMaxMasterThreads(1);
        try {
            return Runner.super.time(values);
        } finally {
            operators.setOmpNumThreads(threads);
            Nd4j.getEnvironment().setMaxMasterThreads(workers);
        }
    }

    @Override
    public void close() {
        close.run();
    }
}
