package io.espalier.adapter.dl4j;

import static io.espalier.adapter.dl4j.TestingNetworks.builder;
import static io.espalier.adapter.dl4j.TestingNetworks.convolution;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.engine.run.PruningReport;
import io.espalier.engine.verify.Verification.Outcome;
import io.espalier.spi.InvalidInputException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.graph.L2Vertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.graph.StackVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.graph.UnstackVertex;
import org.deeplearning4j.nn.conf.graph.rnn.LastTimeStepVertex;
import org.deeplearning4j.nn.conf.graph.rnn.ReverseTimeSeriesVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Vertices between two layers of a graph: lifted as DL4J computes, cut, and proved. */
class VerticesTest {

    @TempDir
    Path folder;

    /** Adds vertices that read {@code one} and {@code two} and make {@code joined}. */
    private static Map<String, UnaryOperator<GraphBuilder>> images() {
        Map<String, UnaryOperator<GraphBuilder>> all = new LinkedHashMap<>();
        for (ElementWiseVertex.Op op : ElementWiseVertex.Op.values()) {
            all.put(op.name(), graph -> graph.addVertex("joined", new ElementWiseVertex(op), "one", "two"));
        }
        all.put("merge", graph -> graph.addVertex("joined", new MergeVertex(), "one", "two"));
        all.put(
                "stack",
                graph -> graph.addVertex("stacked", new StackVertex(), "one", "two")
                        .addLayer("shared", convolution(3, 6), "stacked")
                        .addVertex("first", new UnstackVertex(0, 2), "shared")
                        .addVertex("second", new UnstackVertex(1, 2), "shared")
                        .addVertex("joined", new MergeVertex(), "first", "second"));
        all.put(
                "scale and shift",
                graph -> graph.addVertex("scaled", new ScaleVertex(0.3), "one")
                        .addVertex("shifted", new ShiftVertex(1.5), "two")
                        .addVertex("joined", new MergeVertex(), "scaled", "shifted"));
        all.put(
                "l2 norm",
                graph -> graph.addVertex("unit", new L2NormalizeVertex(), "one")
                        .addVertex("joined", new MergeVertex(), "unit", "two"));
        return all;
    }

    private static ComputationGraph image(UnaryOperator<GraphBuilder> vertices) {
        GraphBuilder graph = builder(new Adam(1e-3))
                .graphBuilder()
                .addInputs("image")
                .addLayer("one", convolution(3, 6), "image")
                .addLayer("two", convolution(3, 6), "image");
        vertices.apply(graph)
                .addLayer("next", convolution(3, 4), "joined")
                .addLayer("pool", new GlobalPoolingLayer.Builder(PoolingType.AVG).build(), "next")
                .addLayer("out", output(), "pool")
                .setOutputs("out")
                .setInputTypes(InputType.convolutional(8, 8, 2));
        return initialised(graph);
    }

    private static ComputationGraph initialised(GraphBuilder graph) {
        ComputationGraph network = new ComputationGraph(graph.build());
        network.init();
        return network;
    }

    private static OutputLayer output() {
        return new OutputLayer.Builder(LossFunction.MSE)
                .nOut(3)
                .activation(Activation.IDENTITY)
                .build();
    }

    @TestFactory
    Stream<DynamicTest> verticesBetweenConvolutions() {
        return images().entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(
                        entry.getKey(), () -> check(entry.getKey().replace(' ', '-'), image(entry.getValue()))));
    }

    @Test
    void verticesOverTime() {
        LSTM lstm = new LSTM.Builder().nOut(6).activation(Activation.TANH).build();
        GraphBuilder graph = builder(new Adam(1e-3))
                .graphBuilder()
                .addInputs("text")
                .addLayer("there", lstm, "text")
                .addVertex("turned", new ReverseTimeSeriesVertex(), "text")
                .addLayer("back", lstm.clone(), "turned")
                .addVertex("turned-back", new ReverseTimeSeriesVertex(), "back")
                .addVertex("both", new MergeVertex(), "there", "turned-back")
                .addVertex("last", new LastTimeStepVertex("text"), "both")
                .addLayer("out", output(), "last")
                .setOutputs("out")
                .setInputTypes(InputType.recurrent(4));
        check("time", initialised(graph));
    }

    @Test
    void severalInputsAndOutputsAndAPreprocessor() {
        GraphBuilder graph = builder(new Adam(1e-3))
                .graphBuilder()
                .addInputs("image", "facts")
                .addLayer("conv", convolution(3, 5), "image")
                .addVertex("flat", new PreprocessorVertex(new CnnToFeedForwardPreProcessor(8, 8, 5)), "conv")
                .addLayer("dense", new DenseLayer.Builder().nIn(320).nOut(6).build(), "flat")
                .addLayer("known", new DenseLayer.Builder().nIn(4).nOut(5).build(), "facts")
                .addVertex("all", new MergeVertex(), "dense", "known")
                .addLayer(
                        "out",
                        new OutputLayer.Builder(LossFunction.MSE)
                                .nIn(11)
                                .nOut(3)
                                .activation(Activation.IDENTITY)
                                .build(),
                        "all")
                .addLayer(
                        "side",
                        new OutputLayer.Builder(LossFunction.MSE)
                                .nIn(5)
                                .nOut(2)
                                .activation(Activation.TANH)
                                .build(),
                        "known")
                .setOutputs("out", "side");
        check("several", initialised(graph.setInputTypes(InputType.convolutional(8, 8, 2), InputType.feedForward(4))));
    }

    private void check(String name, ComputationGraph network) {
        Path file = Testing.save(network, folder.resolve(name + ".zip"));
        Testing.assertLiftedAsDl4jComputes(file);
        PruningReport report = Testing.prune(file, folder.resolve(name + "-pruned.zip"), "channels=60%");
        assertThat(report.verification().outcome()).isEqualTo(Outcome.PROVED);
        assertThat(report.pruned().cost().parameters())
                .isLessThan(report.original().cost().parameters());
    }

    private static GraphBuilder vectors() {
        return builder(new Adam(1e-3))
                .graphBuilder()
                .addInputs("facts")
                .addLayer("one", new DenseLayer.Builder().nOut(6).build(), "facts")
                .addLayer("two", new DenseLayer.Builder().nOut(6).build(), "facts");
    }

    @Test
    void aSubsetKeepsItsPlaceAmongWhatIsLeft() {
        check(
                "subset",
                initialised(vectors()
                        .addVertex("all", new MergeVertex(), "one", "two")
                        .addVertex("some", new SubsetVertex(2, 8), "all")
                        .addLayer("out", output(), "some")
                        .setOutputs("out")
                        .setInputTypes(InputType.feedForward(4))));
    }

    @Test
    void aVertexWithoutARuleIsNamedWhenTheNetworkIsOpened() {
        ComputationGraph network = initialised(vectors()
                .addVertex("distance", new L2Vertex(), "one", "two")
                .addLayer("out", output(), "distance")
                .setOutputs("out")
                .setInputTypes(InputType.feedForward(4)));
        Path file = Testing.save(network, folder.resolve("unknown.zip"));
        assertThatThrownBy(() -> new Dl4jAdapter().open(file))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'distance' is a L2Vertex, which cannot be lifted");
    }
}
