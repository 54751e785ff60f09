package io.espalier.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.espalier.spi.criterion.ParameterRole;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.TestingParameterAxis;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Laws of criteria whose scores follow from the values alone: where a slice lies and along which axis does not matter.
 * Not for criteria that are random or know about position.
 */
public abstract class ValueCriterionContract extends CriterionContract {

    private static final int SEEDS = 20;

    /** The power of {@code c} by which scores grow when all values are multiplied by {@code c}; empty if there is none. */
    protected abstract OptionalDouble degreeOfHomogeneity();

    @Test
    void permutingSlicesPermutesScores() {
        for (long seed = 0; seed < SEEDS; seed++) {
            Matrix matrix = Matrix.random(seed);
            int[] order = permutation(matrix.rows(), seed);
            for (ParameterRole role : roles()) {
                double[] scores = score(matrix.axis(role, 0));
                double[] permuted = score(matrix.permuted(order).axis(role, 0));
                for (int row = 0; row < order.length; row++) {
                    assertClose(permuted[row], scores[order[row]], seed, role);
                }
            }
        }
    }

    @Test
    void aTransposedMatrixScoresTheSameAlongTheOtherAxis() {
        for (long seed = 0; seed < SEEDS; seed++) {
            Matrix matrix = Matrix.random(seed);
            for (ParameterRole role : roles()) {
                double[] columns = score(matrix.axis(role, 1));
                double[] rows = score(matrix.transposed().axis(role, 0));
                for (int i = 0; i < rows.length; i++) {
                    assertClose(columns[i], rows[i], seed, role);
                }
            }
        }
    }

    @Test
    void scoresScaleByTheirDegree() {
        assumeTrue(degreeOfHomogeneity().isPresent(), "no degree of homogeneity");
        double degree = degreeOfHomogeneity().getAsDouble();
        for (long seed = 0; seed < SEEDS; seed++) {
            Matrix matrix = Matrix.random(seed);
            for (ParameterRole role : roles()) {
                for (double factor : new double[] {-1, 0.25, 3}) {
                    double[] scores = score(matrix.axis(role, 0));
                    double[] scaled = score(matrix.times(factor).axis(role, 0));
                    for (int row = 0; row < scores.length; row++) {
                        assertClose(scaled[row], scores[row] * Math.pow(Math.abs(factor), degree), seed, role);
                    }
                }
            }
        }
    }

    private static void assertClose(double actual, double expected, long seed, ParameterRole role) {
        assertThat(actual)
                .as("seed %d, role %s", seed, role)
                .isCloseTo(expected, within(1e-9 * Math.max(1, Math.abs(expected))));
    }

    private static int[] permutation(int length, long seed) {
        List<Integer> order = new ArrayList<>(IntStream.range(0, length).boxed().toList());
        Collections.shuffle(order, new Random(seed));
        return order.stream().mapToInt(Integer::intValue).toArray();
    }

    /** A matrix of float64 values. */
    private record Matrix(int rows, int columns, double[] values) {

        static Matrix random(long seed) {
            Random random = new Random(seed);
            int rows = 1 + random.nextInt(9);
            int columns = 1 + random.nextInt(9);
            double[] values = new double[rows * columns];
            Arrays.setAll(values, i -> random.nextGaussian());
            return new Matrix(rows, columns, values);
        }

        Matrix permuted(int[] order) {
            double[] moved = new double[values.length];
            Arrays.setAll(moved, i -> values[order[i / columns] * columns + i % columns]);
            return new Matrix(rows, columns, moved);
        }

        Matrix transposed() {
            double[] turned = new double[values.length];
            Arrays.setAll(turned, i -> values[i % rows * columns + i / rows]);
            return new Matrix(columns, rows, turned);
        }

        Matrix times(double factor) {
            return new Matrix(
                    rows,
                    columns,
                    Arrays.stream(values).map(value -> value * factor).toArray());
        }

        TestingParameterAxis axis(ParameterRole role, int axis) {
            return new TestingParameterAxis(
                    "matrix", axis, role, Tensors.fromDoubles(DataType.FLOAT64, Tensors.shape(rows, columns), values));
        }
    }
}
