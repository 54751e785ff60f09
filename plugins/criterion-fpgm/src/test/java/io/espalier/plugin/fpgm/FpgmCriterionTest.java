package io.espalier.plugin.fpgm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.spi.criterion.ParameterRole;
import io.espalier.spi.criterion.SliceCriterion;
import io.espalier.spi.option.Options;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.TestingParameterAxis;
import io.espalier.testkit.TestingRunContext;
import io.espalier.testkit.TestingScoringContext;
import io.espalier.testkit.contract.ValueCriterionContract;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FpgmCriterionTest extends ValueCriterionContract {

    private static final TestingParameterAxis TRIANGLE =
            TestingParameterAxis.rows(new float[] {0, 0}, new float[] {3, 4}, new float[] {3, 0});

    @Override
    protected SliceCriterion criterion() {
        return new FpgmCriterion();
    }

    @Override
    protected OptionalDouble degreeOfHomogeneity() {
        return OptionalDouble.of(1);
    }

    @Test
    void sumsDistancesToAllOtherFilters() {
        assertThat(score(TRIANGLE)).containsExactly(5 + 3, 5 + 4, 3 + 4);
    }

    @Test
    void signsCount() {
        // Distances of |w| would make these three filters equal.
        assertThat(score(TestingParameterAxis.rows(new float[] {1}, new float[] {-1}, new float[] {1})))
                .containsExactly(2, 4, 2);
    }

    @Test
    void equalFiltersAreAtDistanceZeroHoweverLarge() {
        float[] filter = {1e6f, 1e6f + 1, 0.1f};
        assertThat(score(TestingParameterAxis.rows(filter, filter.clone()))).containsExactly(0, 0);
    }

    @Test
    void movingAllFiltersTogetherChangesNothing() {
        TestingParameterAxis moved =
                TestingParameterAxis.rows(new float[] {-64, 8}, new float[] {-61, 12}, new float[] {-61, 8});
        assertThat(score(moved)).isEqualTo(score(TRIANGLE));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 37, 100, 1 << 20})
    void anyBlockSizeGivesTheDefinition(int elementsAtOnce) {
        for (long seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            int[] shape = {1 + random.nextInt(9), 1 + random.nextInt(9), 1 + random.nextInt(3)};
            float[] values = new float[shape[0] * shape[1] * shape[2]];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian();
            }
            TestingParameterAxis axis = new TestingParameterAxis(
                    "weight",
                    random.nextInt(3),
                    ParameterRole.PRODUCER,
                    Tensors.floats(Tensors.shape(shape[0], shape[1], shape[2]), values));
            double[] expected = definition(axis);
            double[] actual = new DistanceSums(axis, new TestingRunContext(seed), elementsAtOnce).compute();
            for (int slice = 0; slice < expected.length; slice++) {
                assertThat(actual[slice]).as("seed %d, %s", seed, axis).isEqualTo(expected[slice], within(1e-10));
            }
        }
    }

    @Test
    void stopsWhenTheRunIsCancelled() {
        TestingRunContext context = new TestingRunContext(0);
        context.cancel();
        assertThatThrownBy(() -> criterion().score(TRIANGLE, new TestingScoringContext(context, Options.none())))
                .isInstanceOf(CancellationException.class);
    }

    @Test
    void onlyProducersTakePart() {
        for (ParameterRole role : ParameterRole.values()) {
            assertThat(criterion().scores(role)).isEqualTo(role == ParameterRole.PRODUCER);
        }
    }

    private static double[] definition(TestingParameterAxis axis) {
        double[] sums = new double[axis.size()];
        for (int i = 0; i < sums.length; i++) {
            for (int j = 0; j < sums.length; j++) {
                float[] a = axis.slice(i);
                float[] b = axis.slice(j);
                double squares = 0;
                for (int k = 0; k < a.length; k++) {
                    squares += Math.pow((double) a[k] - b[k], 2);
                }
                sums[i] += Math.sqrt(squares);
            }
        }
        return sums;
    }
}
