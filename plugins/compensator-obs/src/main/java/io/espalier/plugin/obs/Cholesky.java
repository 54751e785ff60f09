package io.espalier.plugin.obs;

import java.util.Optional;

/** The Cholesky factor of a symmetric positive definite matrix, by rows. */
final class Cholesky {

    private final double[] lower;
    private final int size;

    private Cholesky(double[] lower, int size) {
        this.lower = lower;
        this.size = size;
    }

    /**
     * Factors a matrix in its place.
     *
     * @param matrix by rows; only its lower half is read
     * @param added to the diagonal
     * @return empty when the matrix is not positive definite
     */
    static Optional<Cholesky> of(double[] matrix, int size, double added) {
        for (int row = 0; row < size; row++) {
            for (int column = 0; column <= row; column++) {
                double rest = matrix[row * size + column] - dot(matrix, row * size, matrix, column * size, column);
                if (column < row) {
                    matrix[row * size + column] = rest / matrix[column * size + column];
                } else if (rest + added > 0) {
                    matrix[row * size + row] = Math.sqrt(rest + added);
                } else {
                    return Optional.empty();
                }
            }
        }
        return Optional.of(new Cholesky(matrix, size));
    }

    /** Four sums side by side are what the processor is fast with. */
    private static double dot(double[] left, int leftFrom, double[] right, int rightFrom, int count) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = 0;
        for (; i + 3 < count; i += 4) {
            a += left[leftFrom + i] * right[rightFrom + i];
            b += left[leftFrom + i + 1] * right[rightFrom + i + 1];
            c += left[leftFrom + i + 2] * right[rightFrom + i + 2];
            d += left[leftFrom + i + 3] * right[rightFrom + i + 3];
        }
        for (; i < count; i++) {
            a += left[leftFrom + i] * right[rightFrom + i];
        }
        return a + b + (c + d);
    }

    /** Replaces a right-hand side by the solution. */
    void solve(double[] side) {
        for (int row = 0; row < size; row++) {
            side[row] = (side[row] - dot(lower, row * size, side, 0, row)) / lower[row * size + row];
        }
        for (int row = size - 1; row >= 0; row--) {
            double value = side[row] / lower[row * size + row];
            side[row] = value;
            for (int column = 0; column < row; column++) {
                side[column] -= value * lower[row * size + column];
            }
        }
    }
}
