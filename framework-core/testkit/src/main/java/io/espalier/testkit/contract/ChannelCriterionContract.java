package io.espalier.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.spi.criterion.ChannelCriterion;
import io.espalier.spi.criterion.Evidence;
import io.espalier.spi.criterion.ImportanceCriterion;
import io.espalier.spi.criterion.ParameterRole;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.TestingChannelGroup;
import io.espalier.testkit.TestingParameterAxis;
import io.espalier.testkit.TestingRunContext;
import io.espalier.testkit.TestingScoringContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What a {@link ChannelCriterion} owes the engine: finite, reproducible scores, one a coupled channel, for every type, from
 * nothing but the graph and the evidence that it declares.
 */
public abstract class ChannelCriterionContract extends ProviderContract<ImportanceCriterion> {

    private static final long SEED = 20260101;
    private static final List<DataType> TYPES = List.of(
            DataType.FLOAT32, DataType.FLOAT64, DataType.FLOAT16, DataType.BFLOAT16, DataType.INT8, DataType.UINT8);

    protected ChannelCriterionContract() {
        super(ImportanceCriterion.class);
    }

    /** A new instance of the criterion under test. */
    protected abstract ChannelCriterion criterion();

    /**
     * Evidence that stands in for what a run would measure on the parameters of some groups, by kind; the criterion is handed
     * the kinds that it declares.
     */
    protected Map<Evidence<?>, Object> evidence(List<TestingChannelGroup> groups) {
        return Map.of();
    }

    @Override
    protected final ImportanceCriterion provider() {
        return criterion();
    }

    /** Scores a group that is the only one of its graph, with the options under test and a fixed seed. */
    protected final double[] score(TestingChannelGroup group) {
        return criterion().score(group, context(List.of(group)));
    }

    @Test
    void evidenceIsDeclaredOnceAndForAll() {
        assertThat(criterion().evidence()).isEqualTo(criterion().evidence()).doesNotContainNull();
    }

    @Test
    void givesOneFiniteScoreAChannel() {
        examples().forEach(this::assertScores);
    }

    @Test
    void oneChannelIsEnough() {
        assertScores(group("one", 1, 4, DataType.FLOAT32, 0.5, -2, 0, 1));
    }

    @Test
    void zerosAndEqualsAndExtremesHaveFiniteScores() {
        for (double value : new double[] {0, -0.0, 1, Float.MIN_VALUE, 1e15, -1e-30}) {
            assertScores(group("same", 4, 2, DataType.FLOAT32, value));
        }
    }

    @Test
    void everyElementTypeIsScored() {
        double[] values = new Random(SEED).ints(60, 0, 16).asDoubleStream().toArray();
        for (DataType type : TYPES) {
            assertScores(group("typed", 5, 2, type, values));
        }
    }

    @Test
    void scoresDependNeitherOnTheInstanceNorOnEarlierCallsNorOnTheirOrder() {
        List<TestingChannelGroup> groups = examples();
        List<double[]> expected = groups.stream()
                .map(group -> criterion().score(group, context(groups)))
                .toList();
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, groups.size()).boxed().toList());
        ChannelCriterion reused = criterion();
        TestingScoringContext context = context(groups);
        for (int round = 0; round < 3; round++) {
            Collections.shuffle(order, new Random(SEED + round));
            for (int index : order) {
                assertThat(reused.score(groups.get(index), context))
                        .as("%s in the order %s", groups.get(index).name(), order)
                        .isEqualTo(expected.get(index));
            }
        }
    }

    @Test
    void oneInstanceServesSeveralThreads() {
        List<TestingChannelGroup> groups = examples();
        TestingScoringContext context = context(groups);
        ChannelCriterion shared = criterion();
        List<double[]> parallel = IntStream.range(0, 16 * groups.size())
                .parallel()
                .mapToObj(i -> shared.score(groups.get(i % groups.size()), context))
                .toList();
        for (int i = 0; i < parallel.size(); i++) {
            TestingChannelGroup group = groups.get(i % groups.size());
            assertThat(parallel.get(i)).as(group.name()).isEqualTo(criterion().score(group, context(groups)));
        }
    }

    private void assertScores(TestingChannelGroup group) {
        double[] scores = score(group);
        assertThat(scores).as("scores of %s", group).hasSize(group.size());
        assertThat(DoubleStream.of(scores).allMatch(Double::isFinite))
                .as("%s are finite for %s", Arrays.toString(scores), group)
                .isTrue();
    }

    private TestingScoringContext context(List<TestingChannelGroup> groups) {
        Map<Evidence<?>, Object> declared = new HashMap<>(evidence(groups));
        declared.keySet().retainAll(criterion().evidence());
        return new TestingScoringContext(new TestingRunContext(SEED), options(), groups, declared);
    }

    private static List<TestingChannelGroup> examples() {
        Random random = new Random(SEED);
        List<TestingChannelGroup> groups = new ArrayList<>();
        for (int channels : new int[] {2, 5, 12}) {
            for (int each : new int[] {1, 3}) {
                double[] values = random.doubles(400, -2, 2).toArray();
                groups.add(group("group" + groups.size(), channels, each, DataType.FLOAT32, values));
            }
        }
        return groups;
    }

    /**
     * A convolution with bias and normalisation, and the layer that reads its flattened output.
     *
     * @param each inputs of that layer for each channel
     * @param values repeated as often as the parameters need
     */
    private static TestingChannelGroup group(String name, int channels, int each, DataType type, double... values) {
        return new TestingChannelGroup(
                name,
                channels,
                List.of(
                        axis(
                                name + ".weight",
                                0,
                                ParameterRole.PRODUCER,
                                type,
                                Tensors.shape(channels, 3, 2, 2),
                                values),
                        axis(name + ".bias", 0, ParameterRole.BIAS, type, Tensors.shape(channels), values),
                        axis(name + ".gamma", 0, ParameterRole.NORM_SCALE, type, Tensors.shape(channels), values),
                        axis(
                                name + ".reader",
                                1,
                                ParameterRole.CONSUMER,
                                type,
                                Tensors.shape(4, (long) channels * each),
                                values)));
    }

    private static TestingParameterAxis axis(
            String name, int axis, ParameterRole role, DataType type, List<Long> shape, double... values) {
        double[] elements = new double[Math.toIntExact(shape.stream().reduce(1L, (a, b) -> a * b))];
        Arrays.setAll(elements, i -> values[i % values.length]);
        return new TestingParameterAxis(name, axis, role, Tensors.fromDoubles(type, shape, elements));
    }
}
