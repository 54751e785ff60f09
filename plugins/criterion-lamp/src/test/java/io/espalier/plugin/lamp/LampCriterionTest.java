package io.espalier.plugin.lamp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.spi.criterion.ParameterRole;
import io.espalier.spi.criterion.SliceCriterion;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.TestingParameterAxis;
import io.espalier.testkit.TestingRunContext;
import io.espalier.testkit.contract.ValueCriterionContract;
import java.util.Arrays;
import java.util.Comparator;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LampCriterionTest extends ValueCriterionContract {

    @Override
    protected SliceCriterion criterion() {
        return new LampCriterion();
    }

    @Override
    protected OptionalDouble degreeOfHomogeneity() {
        return OptionalDouble.of(0);
    }

    @Test
    void sharesOfTheSquaresThatAreNoSmaller() {
        // Sorted: 1, 2, -3, 4; sums of squares from the top: 16, 25, 29, 30.
        double[] scores = score(TestingParameterAxis.rows(new float[] {1, -3}, new float[] {4, 2}));
        assertThat(scores[0]).isEqualTo(1 / 30.0 + 9 / 25.0, within(1e-15));
        assertThat(scores[1]).isEqualTo(16 / 16.0 + 4 / 29.0, within(1e-15));
    }

    @Test
    void ofEqualMagnitudesTheOneStoredFirstRanksLower() {
        double[] scores = score(TestingParameterAxis.rows(new float[] {2}, new float[] {-2}, new float[] {2}));
        assertThat(scores).containsExactly(4 / 12.0, 4 / 8.0, 1);
    }

    @Test
    void zerosScoreZero() {
        assertThat(score(TestingParameterAxis.rows(new float[] {0, -0.0f}, new float[] {3, 0})))
                .containsExactly(0, 1);
        assertThat(score(TestingParameterAxis.rows(new float[] {0}, new float[] {0})))
                .containsExactly(0, 0);
    }

    @Test
    void notANumberIsNotHidden() {
        assertThat(score(TestingParameterAxis.rows(new float[] {Float.NaN}, new float[] {1})))
                .contains(Double.NaN);
    }

    @Test
    void scaleOfTheTensorDoesNotMatter() {
        Random random = new Random(7);
        float[] values = gaussian(random, 40);
        float[] scaled = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            scaled[i] = values[i] * 1024;
        }
        assertThat(score(TestingParameterAxis.rows(scaled))).isEqualTo(score(TestingParameterAxis.rows(values)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 50, 1000, 1 << 20})
    void anyMemoryLimitGivesTheSortedDefinition(int limit) {
        for (long seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            TestingParameterAxis axis = randomAxis(random);
            double[] expected = sortedDefinition(axis);
            double[] actual = new LampScores(axis, new TestingRunContext(seed), limit).compute();
            for (int slice = 0; slice < expected.length; slice++) {
                assertThat(actual[slice])
                        .as("seed %d, limit %d, slice %d of %s", seed, limit, slice, axis)
                        .isEqualTo(expected[slice], within(1e-12 * Math.max(1, expected[slice])));
            }
        }
    }

    @Test
    void onlyConnectionWeightsTakePart() {
        for (ParameterRole role : ParameterRole.values()) {
            assertThat(criterion().scores(role))
                    .isEqualTo(role == ParameterRole.PRODUCER || role == ParameterRole.CONSUMER);
        }
    }

    /** Few distinct values on even draws, so that ties are frequent. */
    private static TestingParameterAxis randomAxis(Random random) {
        int rows = 1 + random.nextInt(6);
        int columns = 1 + random.nextInt(30);
        boolean coarse = random.nextBoolean();
        double[] values = new double[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = coarse ? random.nextInt(5) - 2 : random.nextGaussian();
        }
        DataType type = random.nextBoolean() ? DataType.FLOAT32 : DataType.FLOAT64;
        return new TestingParameterAxis(
                "weight",
                random.nextInt(2),
                ParameterRole.PRODUCER,
                Tensors.fromDoubles(type, Tensors.shape(rows, columns), values));
    }

    private static double[] sortedDefinition(TestingParameterAxis axis) {
        double[] values = Tensors.toDoubles(axis.tensor());
        int columns = Math.toIntExact(axis.shape().get(1));
        int[] order = IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> Math.abs(values[i])))
                .mapToInt(Integer::intValue)
                .toArray();
        double[] scores = new double[axis.size()];
        for (int rank = 0; rank < order.length; rank++) {
            double above = Arrays.stream(order, rank, order.length)
                    .mapToDouble(i -> values[i] * values[i])
                    .sum();
            int slice = axis.axis() == 0 ? order[rank] / columns : order[rank] % columns;
            scores[slice] += above == 0 ? 0 : values[order[rank]] * values[order[rank]] / above;
        }
        return scores;
    }

    private static float[] gaussian(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
