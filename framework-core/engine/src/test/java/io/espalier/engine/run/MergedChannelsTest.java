package io.espalier.engine.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.adapter.onnx.OnnxExecutor;
import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.CouplingAnalysis;
import io.espalier.engine.coupling.channel.CoupledChannel;
import io.espalier.engine.coupling.channel.Groups;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.recover.RefittedFile;
import io.espalier.engine.recover.UncutWeights;
import io.espalier.engine.surgery.PrunedGraph;
import io.espalier.engine.surgery.Surgery;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.plugin.redundancy.MergeCompensator;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.GraphEdits;
import io.espalier.spi.data.BatchOptions;
import io.espalier.spi.data.Batches;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.option.Options;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.TestingRunContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Channels that repeat others are removed, and the weights that read them are added to those that read the others. */
class MergedChannelsTest {

    private static final int CHANNELS = 8;
    private static final int EXAMPLES = 32;

    @ParameterizedTest(name = "{0}, every second channel {1} times the one before")
    @DisplayName("What channels with a twin computed is kept: the outputs are those before the cut")
    @CsvSource({"false, 1", "false, 2.5", "true, 1", "true, 0.3"})
    void twins(boolean isConvolution, float scale) {
        for (long seed = 0; seed < 5; seed++) {
            Graph graph = isConvolution ? convolutions(seed, scale) : products(seed, scale);
            Tensor x = isConvolution ? random(seed + 50, EXAMPLES, 3, 6, 5) : random(seed + 50, EXAMPLES, 3);
            List<Edit> merged = new ArrayList<>();
            Graph cut = cut(graph, x, merged);

            double[] wanted = outputs(graph, x);
            assertThat(difference(wanted, outputs(cut, x))).as("seed %d", seed).isGreaterThan(1e-2);
            assertThat(difference(wanted, outputs(GraphEdits.apply(cut, merged), x)))
                    .as("seed %d", seed)
                    .isLessThan(1e-5);
        }
    }

    /** Cuts every second channel and says what merging changes. */
    private static Graph cut(Graph graph, Tensor x, List<Edit> merged) {
        Operators operators = Operators.standard();
        Shapes shapes = operators.infer(graph);
        Coupling coupling = CouplingAnalysis.analyse(graph, shapes, operators);
        List<CoupledChannel> channels = Groups.of(coupling, each -> 0).stream()
                .filter(group -> group.channels().size() == CHANNELS)
                .findFirst()
                .orElseThrow()
                .channels();
        List<CoupledChannel> removed = new ArrayList<>();
        for (int i = 1; i < CHANNELS; i += 2) {
            removed.add(channels.get(i));
        }
        PrunedGraph pruned = Surgery.prune(graph, shapes, coupling, Removal.of(removed));
        TestingDataset data = new TestingDataset(EXAMPLES, Map.of("x", x));
        TestingRunContext run = new TestingRunContext(1);
        MergeCompensator merge = new MergeCompensator();
        List<UncutWeights> held = new ArrayList<>();
        merged.addAll(merge.compensate(new EngineCompensationContext(
                new Repair(merge, Options.resolve("merge", merge.options(), Map.of()), data),
                Batches.of(graph, data, BatchOptions.of(8), run),
                new OnnxExecutor(),
                graph,
                pruned.graph(),
                new CutPositions(graph, pruned.keptIndices()),
                operators,
                RefittedFile.NONE,
                new ArrayList<>(),
                new ArrayList<>(),
                held,
                run,
                2)));
        held.forEach(UncutWeights::close);
        return pruned.graph();
    }

    private static Graph convolutions(long seed, float scale) {
        Map<String, Attribute> same = Map.of("pads", new Attribute.Ints(List.of(1L, 1L, 1L, 1L)));
        return graph(
                new long[] {3, 6, 5},
                Map.of(
                        "w1", twins(random(seed, CHANNELS, 3, 3, 3), scale),
                        "b1", twins(random(seed + 1, CHANNELS), scale),
                        "w2", random(seed + 2, 5, CHANNELS, 3, 3),
                        "b2", random(seed + 3, 5)),
                Node.of("Conv", List.of("x", "w1", "b1"), List.of("h"), same),
                Node.of("Relu", List.of("h"), List.of("a"), Map.of()),
                Node.of("Conv", List.of("a", "w2", "b2"), List.of("y"), same));
    }

    private static Graph products(long seed, float scale) {
        Map<String, Attribute> transposed = Map.of("transB", new Attribute.Int(1));
        return graph(
                new long[] {3},
                Map.of(
                        "w1", twins(random(seed, CHANNELS, 3), scale),
                        "b1", twins(random(seed + 1, CHANNELS), scale),
                        "w2", random(seed + 2, CHANNELS, 5)),
                Node.of("Gemm", List.of("x", "w1", "b1"), List.of("h"), transposed),
                Node.of("Relu", List.of("h"), List.of("a"), Map.of()),
                Node.of("MatMul", List.of("a", "w2"), List.of("y"), Map.of()));
    }

    private static Graph graph(long[] input, Map<String, Tensor> constants, Node... nodes) {
        List<Dimension> extents = new ArrayList<>(List.of(new Dimension.Symbol("n")));
        for (long extent : input) {
            extents.add(new Dimension.Fixed(extent));
        }
        return new Graph(
                "twins",
                Map.of("x", new ValueType(DataType.FLOAT32, Optional.of(extents))),
                List.of("y"),
                List.of(nodes),
                new LinkedHashMap<>(constants),
                Map.of());
    }

    /** Every second channel is so many times the one before it. */
    private static Tensor twins(Tensor tensor, float scale) {
        float[] elements = Tensors.toFloats(tensor);
        int size = elements.length / CHANNELS;
        for (int i = 0; i < elements.length; i++) {
            if (i / size % 2 == 1) {
                elements[i] = scale * elements[i - size];
            }
        }
        return Tensors.floats(tensor.shape(), elements);
    }

    private static Tensor random(long seed, long... shape) {
        SplittableRandom random = new SplittableRandom(seed);
        int size = 1;
        List<Long> extents = new ArrayList<>();
        for (long extent : shape) {
            size *= (int) extent;
            extents.add(extent);
        }
        float[] elements = new float[size];
        for (int i = 0; i < size; i++) {
            elements[i] = (float) random.nextGaussian();
        }
        return Tensors.floats(extents, elements);
    }

    private static double[] outputs(Graph graph, Tensor x) {
        try (Runner runner = new OnnxExecutor().prepare(graph, Settings.PLAIN)) {
            return Tensors.toDoubles(runner.run(Map.of("x", x)).get("y"));
        }
    }

    /** The largest difference, relative to the largest output. */
    private static double difference(double[] wanted, double[] found) {
        double largest = 0;
        double difference = 0;
        for (int i = 0; i < wanted.length; i++) {
            largest = Math.max(largest, Math.abs(wanted[i]));
            difference = Math.max(difference, Math.abs(wanted[i] - found[i]));
        }
        return difference / largest;
    }
}
