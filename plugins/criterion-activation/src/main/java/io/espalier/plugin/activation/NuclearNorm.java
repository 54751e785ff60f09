package io.espalier.plugin.activation;

/** The sum of the singular values of a matrix, from its Gram matrix. */
final class NuclearNorm {

    private static final int HALVINGS = 60;

    private NuclearNorm() {}

    /** The sum of the square roots of the eigenvalues of a symmetric matrix without negative ones. */
    static double ofGram(double[][] gram) {
        int size = gram.length;
        double[][] matrix = new double[size][];
        for (int i = 0; i < size; i++) {
            matrix[i] = gram[i].clone();
        }
        double[] beside = tridiagonal(matrix);
        double[] diagonal = new double[size];
        double highest = 0;
        for (int i = 0; i < size; i++) {
            diagonal[i] = matrix[i][i];
            highest = Math.max(highest, diagonal[i] + beside[i] + (i + 1 < size ? beside[i + 1] : 0));
        }
        double norm = 0;
        for (int index = 0; index < size; index++) {
            norm += Math.sqrt(eigenvalue(diagonal, beside, index, highest));
        }
        return norm;
    }

    /**
     * Makes a symmetric matrix tridiagonal by reflections (Householder).
     *
     * @return magnitudes of the elements beside the diagonal, from index 1
     */
    private static double[] tridiagonal(double[][] a) {
        int size = a.length;
        double[] beside = new double[size];
        for (int k = 0; k + 1 < size; k++) {
            double square = 0;
            for (int i = k + 1; i < size; i++) {
                square += a[i][k] * a[i][k];
            }
            double length = Math.sqrt(square);
            beside[k + 1] = length;
            if (length > 0) {
                double[] v = new double[size];
                for (int i = k + 1; i < size; i++) {
                    v[i] = a[i][k];
                }
                v[k + 1] += v[k + 1] < 0 ? -length : length;
                reflect(a, v, k + 1, 2 * (square + length * Math.abs(a[k + 1][k])));
            }
        }
        return beside;
    }

    /** Applies the reflection along a vector from both sides; {@code twice} is the square of its length. */
    private static void reflect(double[][] a, double[] v, int from, double twice) {
        int size = a.length;
        double[] p = new double[size];
        double along = 0;
        for (int i = from; i < size; i++) {
            for (int j = from; j < size; j++) {
                p[i] += a[i][j] * v[j];
            }
            p[i] *= 2 / twice;
            along += p[i] * v[i] / twice;
        }
        for (int i = from; i < size; i++) {
            p[i] -= along * v[i];
        }
        for (int i = from; i < size; i++) {
            for (int j = from; j < size; j++) {
                a[i][j] -= v[i] * p[j] + p[i] * v[j];
            }
        }
    }

    /** The eigenvalue above so many others, found by halving: the pivots of {@code A - x} count those below {@code x}. */
    private static double eigenvalue(double[] diagonal, double[] beside, int index, double highest) {
        double low = 0;
        double high = highest;
        for (int i = 0; i < HALVINGS && low < high; i++) {
            double middle = (low + high) / 2;
            if (below(diagonal, beside, middle) > index) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return low;
    }

    private static int below(double[] diagonal, double[] beside, double x) {
        int count = 0;
        double pivot = 1;
        for (int i = 0; i < diagonal.length; i++) {
            double square = beside[i] * beside[i];
            pivot = diagonal[i] - x - (square == 0 ? 0 : square / (pivot == 0 ? Double.MIN_NORMAL : pivot));
            count += pivot < 0 ? 1 : 0;
        }
        return count;
    }
}
