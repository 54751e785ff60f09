package io.espalier.plugin.obs;

import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The Cholesky factor of a symmetric positive definite matrix, by rows.
 *
 * <p>Columns are factored in blocks; what a block takes from the rest of the matrix is a product of matrices, whose rows are
 * computed side by side by the threads of the pool this is called in. Each element is summed in an order of its own, so that
 * the result does not depend on the number of threads.
 */
final class Cholesky {

    /** Columns of a block: as many rows of the factor lie in the cache of a processor. */
    private static final int BLOCK = 64;
    /** Rows and right-hand sides that are worked on together. */
    private static final int TOGETHER = 32;

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
        for (int i = 0; i < size; i++) {
            matrix[i * size + i] += added;
        }
        for (int from = 0; from < size; from += BLOCK) {
            int to = Math.min(size, from + BLOCK);
            if (!factorDiagonal(matrix, size, from, to)) {
                return Optional.empty();
            }
            factorBelow(matrix, size, from, to);
            takeFromRest(matrix, size, from, to);
        }
        return Optional.of(new Cholesky(matrix, size));
    }

    private static boolean factorDiagonal(double[] matrix, int size, int from, int to) {
        for (int row = from; row < to; row++) {
            reduce(matrix, size, row, from, row);
            double square = matrix[row * size + row];
            for (int column = from; column < row; column++) {
                square -= matrix[row * size + column] * matrix[row * size + column];
            }
            if (!(square > 0)) {
                return false;
            }
            matrix[row * size + row] = Math.sqrt(square);
        }
        return true;
    }

    /** The rows below a factored block on the diagonal. */
    private static void factorBelow(double[] matrix, int size, int from, int to) {
        IntStream.range(to, size).parallel().forEach(row -> reduce(matrix, size, row, from, to));
    }

    /** Solves for the elements of a row in columns that are factored, all of its block. */
    private static void reduce(double[] matrix, int size, int row, int from, int to) {
        for (int column = from; column < to; column++) {
            double rest = matrix[row * size + column];
            for (int k = from; k < column; k++) {
                rest -= matrix[row * size + k] * matrix[column * size + k];
            }
            matrix[row * size + column] = rest / matrix[column * size + column];
        }
    }

    /** Takes the products of the factored columns from the rest of the lower half. */
    private static void takeFromRest(double[] matrix, int size, int from, int to) {
        int rest = size - to;
        if (rest == 0) {
            return;
        }
        double[] turned = new double[(to - from) * rest];
        IntStream.range(0, to - from).parallel().forEach(k -> {
            for (int row = 0; row < rest; row++) {
                turned[k * rest + row] = matrix[(to + row) * size + from + k];
            }
        });
        IntStream.range(0, (rest + TOGETHER - 1) / TOGETHER).parallel().forEach(block -> {
            int last = Math.min(rest, (block + 1) * TOGETHER);
            int k = 0;
            for (; k + 3 < to - from; k += 4) {
                for (int row = block * TOGETHER; row < last; row++) {
                    subtractFour(matrix, (to + row) * size + to, turned, k * rest, rest, row + 1, from + k - to);
                }
            }
            for (; k < to - from; k++) {
                for (int row = block * TOGETHER; row < last; row++) {
                    double factor = matrix[(to + row) * size + from + k];
                    subtract(matrix, (to + row) * size + to, turned, k * rest, row + 1, factor);
                }
            }
        });
    }

    /** A loop of its own, without branches, which the compiler turns into instructions on several elements. */
    private static void subtract(double[] from, int at, double[] what, int start, int count, double factor) {
        for (int i = 0; i < count; i++) {
            from[at + i] -= factor * what[start + i];
        }
    }

    /** Four products at once: each element of the matrix is read and written once for them. */
    private static void subtractFour(
            double[] matrix, int at, double[] what, int start, int rest, int count, int factors) {
        double a = matrix[at + factors];
        double b = matrix[at + factors + 1];
        double c = matrix[at + factors + 2];
        double d = matrix[at + factors + 3];
        for (int i = 0; i < count; i++) {
            matrix[at + i] -= a * what[start + i]
                    + b * what[start + rest + i]
                    + (c * what[start + 2 * rest + i] + d * what[start + 3 * rest + i]);
        }
    }

    /**
     * Replaces right-hand sides by the solutions.
     *
     * @param sides each by itself
     */
    void solve(double[][] sides) {
        int blocks = (sides.length + TOGETHER - 1) / TOGETHER;
        IntStream.range(0, blocks).parallel().forEach(block -> {
            int first = block * TOGETHER;
            int count = Math.min(TOGETHER, sides.length - first);
            double[] together = new double[size * count];
            for (int k = 0; k < count; k++) {
                for (int row = 0; row < size; row++) {
                    together[row * count + k] = sides[first + k][row];
                }
            }
            solve(together, count);
            for (int k = 0; k < count; k++) {
                for (int row = 0; row < size; row++) {
                    sides[first + k][row] = together[row * count + k];
                }
            }
        });
    }

    /** Solves for some sides, which lie beside each other. */
    private void solve(double[] sides, int count) {
        for (int row = 0; row < size; row++) {
            for (int column = 0; column < row; column++) {
                subtract(sides, row * count, sides, column * count, count, lower[row * size + column]);
            }
            scale(sides, row * count, count, 1 / lower[row * size + row]);
        }
        for (int row = size - 1; row >= 0; row--) {
            scale(sides, row * count, count, 1 / lower[row * size + row]);
            for (int column = 0; column < row; column++) {
                subtract(sides, column * count, sides, row * count, count, lower[row * size + column]);
            }
        }
    }

    private static void scale(double[] values, int at, int count, double factor) {
        for (int i = 0; i < count; i++) {
            values[at + i] *= factor;
        }
    }
}
