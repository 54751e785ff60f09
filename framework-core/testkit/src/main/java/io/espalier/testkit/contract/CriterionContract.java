package io.espalier.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.spi.criterion.Evidence;
import io.espalier.spi.criterion.ImportanceCriterion;
import io.espalier.spi.criterion.ParameterAxis;
import io.espalier.spi.criterion.ParameterRole;
import io.espalier.spi.criterion.SliceCriterion;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.TestingParameterAxis;
import io.espalier.testkit.TestingRunContext;
import io.espalier.testkit.TestingScoringContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a {@link SliceCriterion} owes the engine: finite, reproducible scores, one a slice, for every type. */
public abstract class CriterionContract extends ProviderContract<ImportanceCriterion> {

    private static final long SEED = 20260101;

    protected CriterionContract() {
        super(ImportanceCriterion.class);
    }

    /** A new instance of the criterion under test. */
    protected abstract SliceCriterion criterion();

    @Override
    protected final ImportanceCriterion provider() {
        return criterion();
    }

    /** What stands in for the evidence that the criterion declares, for parameters of any name and shape. */
    protected Map<Evidence<?>, Object> evidence() {
        return Map.of();
    }

    /** Scores with the options under test and a fixed seed. */
    protected final double[] score(ParameterAxis axis) {
        return score(criterion(), axis);
    }

    private double[] score(SliceCriterion criterion, ParameterAxis axis) {
        return criterion.score(axis, context());
    }

    @Test
    void someRoleTakesPartAndRunningStatisticsDoNot() {
        assertThat(roles()).isNotEmpty().doesNotContain(ParameterRole.NORM_STATISTIC);
    }

    @Test
    void givesOneFiniteScoreASlice() {
        for (TestingParameterAxis axis : examples()) {
            assertScores(axis);
        }
    }

    @Test
    void oneSliceIsEnough() {
        for (ParameterRole role : roles()) {
            assertScores(new TestingParameterAxis("one", 0, role, Tensors.floats(Tensors.shape(1), 0.5f)));
            assertScores(new TestingParameterAxis("row", 0, role, Tensors.floats(Tensors.shape(1, 3), 1, -2, 0)));
            assertScores(new TestingParameterAxis("columns", 1, role, Tensors.floats(Tensors.shape(1, 3), 1, -2, 0)));
        }
    }

    @Test
    void zerosAndEqualsAndExtremesHaveFiniteScores() {
        for (ParameterRole role : roles()) {
            for (float value : new float[] {0, -0.0f, 1, Float.MIN_VALUE, 1e15f, -1e-30f}) {
                float[] values = new float[12];
                Arrays.fill(values, value);
                assertScores(new TestingParameterAxis("same", 0, role, Tensors.floats(Tensors.shape(4, 3), values)));
            }
        }
    }

    @Test
    void scoresDoNotDependOnTheInstanceOrOnEarlierCalls() {
        SliceCriterion reused = criterion();
        for (TestingParameterAxis axis : examples()) {
            double[] expected = score(criterion(), axis);
            assertThat(score(reused, axis)).as("%s", axis).isEqualTo(expected);
            assertThat(score(reused, axis)).as("again: %s", axis).isEqualTo(expected);
        }
    }

    @Test
    void scoresDoNotDependOnTheOrderOfCalls() {
        List<TestingParameterAxis> examples = examples();
        List<double[]> forwards = scoresInOneRun(examples);
        Collections.reverse(examples);
        List<double[]> backwards = scoresInOneRun(examples);
        Collections.reverse(backwards);
        for (int i = 0; i < forwards.size(); i++) {
            assertThat(backwards.get(i)).isEqualTo(forwards.get(i));
        }
    }

    @Test
    void equalNumbersScoreEquallyInEveryFloatingType() {
        // Multiples of 1/8 below 4 are exact in every type, bfloat16 included.
        double[] values = new Random(SEED)
                .ints(60, -31, 32)
                .mapToDouble(eighths -> eighths / 8.0)
                .toArray();
        for (ParameterRole role : roles()) {
            double[] expected = score(of(DataType.FLOAT64, role, values));
            for (DataType type : List.of(DataType.FLOAT32, DataType.FLOAT16, DataType.BFLOAT16)) {
                assertThat(score(of(type, role, values))).as("%s", type).isEqualTo(expected);
            }
        }
    }

    @Test
    void integersAreScoredToo() {
        for (ParameterRole role : roles()) {
            for (DataType type : List.of(DataType.INT8, DataType.UINT8, DataType.INT32)) {
                assertScores(
                        of(type, role, IntStream.range(0, 60).asDoubleStream().toArray()));
            }
        }
    }

    @Test
    void oneInstanceServesSeveralThreads() {
        List<TestingParameterAxis> examples = examples();
        List<double[]> expected = scoresInOneRun(examples);
        SliceCriterion shared = criterion();
        TestingScoringContext context = context();
        List<double[]> parallel = IntStream.range(0, 8 * examples.size())
                .parallel()
                .mapToObj(i -> shared.score(examples.get(i % examples.size()), context))
                .toList();
        for (int i = 0; i < parallel.size(); i++) {
            assertThat(parallel.get(i)).isEqualTo(expected.get(i % examples.size()));
        }
    }

    private List<double[]> scoresInOneRun(List<TestingParameterAxis> axes) {
        SliceCriterion criterion = criterion();
        TestingScoringContext context = context();
        List<double[]> scores = new ArrayList<>();
        axes.forEach(axis -> scores.add(criterion.score(axis, context)));
        return scores;
    }

    private void assertScores(ParameterAxis axis) {
        double[] scores = score(axis);
        assertThat(scores).as("scores of %s", axis).hasSize(axis.size());
        assertThat(DoubleStream.of(scores).allMatch(Double::isFinite))
                .as("%s are finite for %s", Arrays.toString(scores), axis)
                .isTrue();
    }

    private TestingScoringContext context() {
        return new TestingScoringContext(new TestingRunContext(SEED), options(), List.of(), evidence());
    }

    /** The roles that take part. */
    protected final Set<ParameterRole> roles() {
        Set<ParameterRole> roles = EnumSet.allOf(ParameterRole.class);
        roles.removeIf(role -> !criterion().scores(role));
        return roles;
    }

    private List<TestingParameterAxis> examples() {
        Random random = new Random(SEED);
        List<TestingParameterAxis> examples = new ArrayList<>();
        for (ParameterRole role : roles()) {
            for (List<Long> shape :
                    List.of(Tensors.shape(7), Tensors.shape(6, 5), Tensors.shape(5, 4, 3, 3), Tensors.shape(300, 70))) {
                long size = shape.stream().reduce(1L, (a, b) -> a * b);
                float[] values = new float[(int) size];
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) random.nextGaussian();
                }
                for (int axis = 0; axis < Math.min(2, shape.size()); axis++) {
                    String name = role + "/" + shape;
                    examples.add(new TestingParameterAxis(name, axis, role, Tensors.floats(shape, values)));
                }
            }
        }
        return examples;
    }

    private static TestingParameterAxis of(DataType type, ParameterRole role, double... values) {
        return new TestingParameterAxis("typed", 1, role, Tensors.fromDoubles(type, Tensors.shape(3, 5, 4), values));
    }
}
