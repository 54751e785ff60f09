package io.espalier.plugin.bn;

import static io.espalier.plugin.bn.Networks.EPSILON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.compensator.WeightCompensator;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.option.Options;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.TestingCompensationContext;
import io.espalier.testkit.TestingRunContext;
import io.espalier.testkit.contract.CompensatorContract;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BnCompensatorTest extends CompensatorContract {

    private final TestingExecutor executor = new TestingExecutor();

    @Override
    protected WeightCompensator compensator() {
        return new BnCompensator();
    }

    @Override
    protected Graph pruned() {
        return Networks.input(0, 2, 3).normalise("bn", "x", "y").returning("y");
    }

    @Override
    protected Dataset calibration() {
        return Networks.data("x", random(1, 100, 2, 3));
    }

    @Override
    protected GraphExecutor executor() {
        return executor;
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 7, 10, 64, 1000})
    void batchesOfAnySizePoolToTheStatisticsOfThePopulation(int batchSize) {
        for (long seed = 0; seed < 5; seed++) {
            Tensor images = random(seed, 61, 2, 3);
            Map<String, Tensor> repaired =
                    compensate(pruned(), Networks.data("x", images), "batch-size", Integer.toString(batchSize));
            double[] mean = new double[2];
            double[] variance = new double[2];
            Tensors.forEach(images, (index, value) -> mean[(int) (index / 3 % 2)] += value / 183);
            Tensors.forEach(images, (index, value) -> {
                int channel = (int) (index / 3 % 2);
                variance[channel] += Math.pow(value - mean[channel], 2) / 183;
            });
            assertClose(repaired.get("bn.mean"), mean);
            assertClose(repaired.get("bn.var"), variance);
        }
    }

    @Test
    void fewExamplesAreSpokenOf() {
        for (int examples : new int[] {2, 40, 127, 128, 300}) {
            TestingRunContext run = new TestingRunContext(0);
            Options options = Options.resolve("bn", new BnCompensator().options(), Map.of());
            Dataset data = Networks.data("x", random(3, examples, 2, 3));
            new BnCompensator().compensate(new TestingCompensationContext(run, options, pruned(), data, executor));

            assertThat(run.notes()).hasSize(examples < 128 ? 1 : 0);
            assertThat(run.notes()).allMatch(note -> note.contains(examples + " examples"));
        }
    }

    @Test
    void batchesAreOfNearlyEqualSize() {
        compensate(pruned(), Networks.data("x", random(3, 65, 2, 3)));
        assertThat(executor.batchSizes()).containsExactly(32L, 33L);
    }

    @Test
    void laterLayersSeeInputsNormalisedByTheBatch() {
        Graph graph = Networks.input(0, 2)
                .normalise("one", "x", "a")
                .normalise("two", "a", "y")
                .returning("y");
        // One batch with x = -1, 1, -1, 1 in channel 0 and 0, 4, 0, 4 in channel 1: variances 1 and 4.
        Tensor x = Tensors.floats(Tensors.shape(4, 2), -1, 0, 1, 4, -1, 0, 1, 4);
        Map<String, Tensor> repaired = compensate(graph, Networks.data("x", x));
        assertThat(repaired.keySet()).containsExactly("one.mean", "one.var", "two.mean", "two.var");
        assertClose(repaired.get("one.mean"), 0, 2);
        assertClose(repaired.get("one.var"), 1, 4);
        // Scale 2 and 3, shift -1 and 0.5 (see Networks).
        assertClose(repaired.get("two.mean"), -1, 0.5);
        assertClose(repaired.get("two.var"), 4 * 1 / (1 + EPSILON), 9 * 4 / (4 + EPSILON));
    }

    @Test
    void statisticsFollowTheWeightsBeforeThem() {
        Graph graph = Networks.input(0, 2)
                .constant("w", Tensors.floats(Tensors.shape(2, 2), 1, 0, 0, -1))
                .node(Node.of("MatMul", List.of("x", "w"), List.of("h"), Map.of()))
                .node(Node.of("Relu", List.of("h"), List.of("r"), Map.of()))
                .normalise("bn", "r", "y")
                .returning("y");
        Tensor x = Tensors.floats(Tensors.shape(4, 2), 1, 1, 3, -1, -5, -3, -5, 2);
        Map<String, Tensor> repaired = compensate(graph, Networks.data("x", x));
        assertClose(repaired.get("bn.mean"), 1, 1);
        assertClose(repaired.get("bn.var"), 1.5, 1.5);
    }

    @Test
    void aFixedBatchIsKeptAndTheRemainderLeftOut() {
        Graph graph = Networks.input(2, 2).normalise("bn", "x", "y").returning("y");
        Tensor x = Tensors.floats(Tensors.shape(5, 2), 1, 1, 2, 2, 3, 3, 4, 4, 100, 100);
        Map<String, Tensor> repaired = compensate(graph, Networks.data("x", x));
        assertThat(executor.batchSizes()).containsExactly(2L, 2L);
        assertClose(repaired.get("bn.mean"), 2.5, 2.5);
        assertClose(repaired.get("bn.var"), 1.25, 1.25);
    }

    @Test
    void theNumberOfBatchesCanBeBounded() {
        compensate(pruned(), Networks.data("x", random(3, 65, 2, 3)), "batch-size", "10", "batches", "3");
        assertThat(executor.batchSizes()).containsExactly(10L, 10L, 10L);
    }

    @Test
    void inputsAreMatchedByOrderWhereNamesDiffer() {
        Tensor x = random(5, 8, 2, 3);
        Map<String, Tensor> byName = compensate(pruned(), Networks.data("x", x));
        Map<String, Tensor> byOrder = compensate(pruned(), Networks.data("image", x));
        assertThat(Tensors.toDoubles(byOrder.get("bn.mean"))).isEqualTo(Tensors.toDoubles(byName.get("bn.mean")));
    }

    @Test
    void dataThatDoesNotFitIsRefused() {
        assertRefused(pruned(), Networks.data("x", random(5, 8, 3, 3)), "'x'", "[8, 3, 3]", "[batch, 2, 3]");
        assertRefused(pruned(), Networks.data("x", random(5, 8, 2)), "[8, 2]");
        assertRefused(pruned(), Networks.data("x", random(5, 1, 2, 3)), "1 examples");
    }

    @Test
    void integersAreConverted() {
        long[] values = new Random(6).longs(24, -9, 9).toArray();
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = values[i];
        }
        Map<String, Tensor> converted =
                compensate(pruned(), Networks.data("x", Tensors.longs(Tensors.shape(4, 2, 3), values)));
        compensate(pruned(), Networks.data("x", Tensors.floats(Tensors.shape(4, 2, 3), floats)))
                .forEach((name, value) ->
                        assertThat(Tensors.toDoubles(converted.get(name))).isEqualTo(Tensors.toDoubles(value)));
    }

    @Test
    void aBatchOfOneIsRefused() {
        Graph graph = Networks.input(1, 2).normalise("bn", "x", "y").returning("y");
        assertRefused(graph, Networks.data("x", random(5, 8, 2)), "batch of 1", "dynamic batch");
    }

    @Test
    void aLayerAppliedTwicePoolsBothUses() {
        Graph graph = Networks.input(0, 2)
                .normalise("bn", "x", "a")
                .normalise("bn", "a", "y")
                .returning("y");
        Tensor x = Tensors.floats(Tensors.shape(4, 2), -1, 0, 1, 4, -1, 0, 1, 4);
        Map<String, Tensor> repaired = compensate(graph, Networks.data("x", x));
        assertThat(repaired.keySet()).containsExactly("bn.mean", "bn.var");
        assertClose(repaired.get("bn.mean"), (0 - 1) / 2.0, (2 + 0.5) / 2);
        double second = 9 * 4 / (4 + EPSILON);
        assertClose(repaired.get("bn.var"), (1 + 4 / (1 + EPSILON)) / 2 + 0.25, (4 + second) / 2 + Math.pow(0.75, 2));
    }

    @Test
    void statisticsSharedByDifferentLayersAreRefused() {
        Graph graph = Networks.input(0, 2)
                .normalise("one", "x", "a")
                .normalise("two", "a", "b")
                .node(Networks.normalisation(List.of("b", "two.scale", "two.shift", "one.mean", "two.var"), "y"))
                .returning("y");
        assertRefused(graph, Networks.data("x", random(5, 8, 2)), "'one.mean'", "'y'");
    }

    @Test
    void statisticsReadBySomethingElseAreRefused() {
        Networks network = Networks.input(0, 2).normalise("bn", "x", "y");
        Node reader = Node.of("Relu", List.of("bn.var"), List.of("z"), Map.of());
        Graph body = new Graph("body", Map.of(), List.of("z"), List.of(reader), Map.of(), Map.of());
        Node branch = Node.of("If", List.of("c"), List.of("i"), Map.of("then_branch", new Attribute.Body(body)));
        assertRefused(network.node(branch).returning("y"), Networks.data("x", random(5, 8, 2)), "'bn.var'", "'z'");
        Networks direct = Networks.input(0, 2).normalise("bn", "x", "y").node(reader);
        assertRefused(direct.returning("y"), Networks.data("x", random(5, 8, 2)), "'bn.var'", "'z'");
    }

    @Test
    void statisticsReadThroughIdentityAreFollowed() {
        Graph graph = Networks.input(0, 2)
                .normalise("bn", "x", "a")
                .node(Node.of("Identity", List.of("bn.mean"), List.of("alias"), Map.of()))
                .node(Node.of("Identity", List.of("alias"), List.of("alias2"), Map.of()))
                .constant("other.var", 1, 1)
                .node(Networks.normalisation(List.of("a", "bn.scale", "bn.shift", "alias2", "other.var"), "y"))
                .returning("y");
        assertRefused(graph, Networks.data("x", random(5, 8, 2)), "'bn.mean'", "'y'");
        Graph single = Networks.input(0, 2)
                .constant("scale", 1, 1)
                .constant("shift", 0, 0)
                .constant("mean", 3, 3)
                .constant("var", 5, 5)
                .node(Node.of("Identity", List.of("mean"), List.of("alias"), Map.of()))
                .node(Networks.normalisation(List.of("x", "scale", "shift", "alias", "var"), "y"))
                .returning("y");
        Tensor x = Tensors.floats(Tensors.shape(4, 2), 1, 1, 2, 2, 3, 3, 4, 4);
        assertClose(compensate(single, Networks.data("x", x)).get("mean"), 2.5, 2.5);
    }

    @Test
    void statisticsThatAreReturnedAreRefused() {
        Graph graph = Networks.input(0, 2).normalise("bn", "x", "y").returning("bn.mean");
        assertRefused(graph, Networks.data("x", random(5, 8, 2)), "'bn.mean'");
    }

    @Test
    void normalisationWithComputedStatisticsIsLeftAlone() {
        Graph graph = Networks.input(0, 2)
                .normalise("bn", "x", "a")
                .node(Node.of("Relu", List.of("bn.scale"), List.of("computed"), Map.of()))
                .node(Networks.normalisation(List.of("a", "bn.scale", "bn.shift", "computed", "computed"), "y"))
                .returning("y");
        assertThat(compensate(graph, Networks.data("x", random(5, 8, 2))).keySet())
                .containsExactly("bn.mean", "bn.var");
    }

    @Test
    void nothingToRepairRunsNothing() {
        Graph graph = Networks.input(0, 2)
                .node(Node.of("Relu", List.of("x"), List.of("y"), Map.of()))
                .returning("y");
        assertThat(compensate(graph, Networks.data("x", random(5, 8, 2)))).isEmpty();
        assertThat(executor.batchSizes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
    void dataThatIsNotFiniteIsRefused(float value) {
        Tensor x = Tensors.floats(Tensors.shape(4, 2), 1, 2, 3, 4, 5, value, 7, 8);
        Graph graph = Networks.input(0, 2).normalise("bn", "x", "y").returning("y");
        assertRefused(graph, Networks.data("x", x), "'x'", "row 2");
    }

    @Test
    void statisticsThatAreNotFiniteAreRefused() {
        Tensor x = Tensors.floats(Tensors.shape(4, 2), 1, 2, 3, 4, 5, Float.MAX_VALUE, 7, 8);
        Graph graph = Networks.input(0, 2).normalise("bn", "x", "y").returning("y");
        assertRefused(graph, Networks.data("x", x), "channel 1", "'bn.");
        assertThat(executor.open()).as("open runners").isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"FLOAT16", "FLOAT64", "BFLOAT16"})
    void statisticsKeepTheirType(String type) {
        Tensor old = Tensors.fromDoubles(DataType.valueOf(type), Tensors.shape(2), 0, 0);
        Graph graph = Networks.input(0, 2)
                .normalise("bn", "x", "y")
                .constant("bn.mean", old)
                .constant("bn.var", old)
                .returning("y");
        Tensor x = Tensors.floats(Tensors.shape(4, 2), -1, 0, 1, 4, -1, 0, 1, 4);
        Map<String, Tensor> repaired = compensate(graph, Networks.data("x", x));
        assertThat(repaired.values()).extracting(Tensor::type).containsOnly(DataType.valueOf(type));
        assertClose(repaired.get("bn.var"), 1, 4);
    }

    @Test
    void newNamesKeepClearOfThoseInUse() {
        Graph graph = Networks.input(0, 2)
                .normalise("batch_mean0", "x", "batch_mean0")
                .normalise("bn", "batch_mean0", "batch_variance1")
                .returning("batch_variance1");
        StatisticsGraph statistics = StatisticsGraph.of(graph);
        assertThat(statistics.graph().outputs())
                .containsExactly("batch_mean0~1", "batch_variance0", "batch_mean1", "batch_variance1~1");
    }

    private Map<String, Tensor> compensate(Graph graph, Dataset data, String... typed) {
        Map<String, String> options = new TreeMap<>();
        for (int i = 0; i < typed.length; i += 2) {
            options.put(typed[i], typed[i + 1]);
        }
        BnCompensator bn = new BnCompensator();
        Options resolved = Options.resolve("compensator 'bn'", bn.options(), options);
        Map<String, Tensor> repaired = new LinkedHashMap<>();
        bn.compensate(new TestingCompensationContext(new TestingRunContext(0), resolved, graph, data, executor))
                .forEach(edit -> {
                    Edit.SetConstant set = (Edit.SetConstant) edit;
                    repaired.put(set.constant(), set.value());
                });
        assertThat(executor.open()).as("open runners").isZero();
        return repaired;
    }

    private void assertRefused(Graph graph, Dataset data, String... words) {
        assertThatThrownBy(() -> compensate(graph, data))
                .isInstanceOf(InvalidInputException.class)
                .message()
                .hasLineCount(1)
                .contains(words);
    }

    private static void assertClose(Tensor actual, double... expected) {
        double[] values = Tensors.toDoubles(actual);
        assertThat(values).hasSize(expected.length);
        for (int i = 0; i < values.length; i++) {
            assertThat(values[i]).as("channel %d", i).isEqualTo(expected[i], within(1e-5));
        }
    }

    private static Tensor random(long seed, long... shape) {
        Random random = new Random(seed);
        List<Long> extents = Tensors.shape(shape);
        float[] values = new float[Math.toIntExact(extents.stream().reduce(1L, Math::multiplyExact))];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (3 + 2 * random.nextGaussian());
        }
        return Tensors.floats(extents, values);
    }
}
