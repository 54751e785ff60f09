package io.espalier.plugin.reconstruction;

/** The inverse of a symmetric positive definite matrix, through its Cholesky factor. */
final class SymmetricInverse {

    private SymmetricInverse() {}

    /**
     * Inverts a matrix.
     *
     * @param matrix only its lower half is read
     * @param added to the diagonal
     */
    static double[][] of(double[][] matrix, double added) {
        int size = matrix.length;
        double[][] lower = factor(matrix, added);
        double[][] inverted = invertedFactor(lower);
        double[][] inverse = new double[size][size];
        for (int k = 0; k < size; k++) {
            for (int i = 0; i <= k; i++) {
                double scale = inverted[k][i];
                for (int j = 0; j <= i; j++) {
                    inverse[i][j] += scale * inverted[k][j];
                }
            }
        }
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < i; j++) {
                inverse[j][i] = inverse[i][j];
            }
        }
        return inverse;
    }

    /** A pivot that rounding has taken below what is added counts as that: the input says nothing that others do not. */
    private static double[][] factor(double[][] matrix, double added) {
        int size = matrix.length;
        double[][] lower = new double[size][];
        for (int i = 0; i < size; i++) {
            lower[i] = new double[i + 1];
            for (int j = 0; j <= i; j++) {
                double rest = matrix[i][j] - dot(lower[i], lower[j], j);
                lower[i][j] = j < i
                        ? rest / lower[j][j]
                        : Math.sqrt(Math.max(rest + added, Math.max(added, Math.abs(matrix[i][i]) * Math.ulp(1.0))));
                if (j == i && lower[i][i] == 0) {
                    lower[i][i] = Math.sqrt(Double.MIN_NORMAL);
                }
            }
        }
        return lower;
    }

    private static double[][] invertedFactor(double[][] lower) {
        int size = lower.length;
        double[][] inverted = new double[size][];
        for (int i = 0; i < size; i++) {
            inverted[i] = new double[i + 1];
            inverted[i][i] = 1 / lower[i][i];
            for (int k = 0; k < i; k++) {
                double scale = -lower[i][k] / lower[i][i];
                for (int j = 0; j <= k; j++) {
                    inverted[i][j] += scale * inverted[k][j];
                }
            }
        }
        return inverted;
    }

    /** Four sums side by side are what the processor is fast with. */
    private static double dot(double[] a, double[] b, int count) {
        double w = 0;
        double x = 0;
        double y = 0;
        double z = 0;
        int i = 0;
        for (; i + 3 < count; i += 4) {
            w += a[i] * b[i];
            x += a[i + 1] * b[i + 1];
            y += a[i + 2] * b[i + 2];
            z += a[i + 3] * b[i + 3];
        }
        for (; i < count; i++) {
            w += a[i] * b[i];
        }
        return w + x + (y + z);
    }
}
