package io.espalier.plugin.activation;

/** Counts the rank of a matrix of 32-bit numbers. */
final class MatrixRank {

    /** The distance between 1 and the next 32-bit number. */
    private static final double EPSILON = Math.ulp(1f);

    private MatrixRank() {}

    /**
     * The rank: columns that remain longer than rounding explains, once those before are projected out, the longest first.
     *
     * @param elements row by row
     */
    static int of(float[] elements, int columns) {
        int rows = elements.length / columns;
        double[][] vectors = new double[columns][rows];
        for (int i = 0; i < rows * columns; i++) {
            vectors[i % columns][i / columns] = elements[i];
        }
        double limit = 0;
        int most = Math.min(rows, columns);
        for (int rank = 0; rank < most; rank++) {
            int longest = longest(vectors, rank);
            double length = Math.sqrt(dot(vectors[longest], vectors[longest]));
            limit = rank == 0 ? length * Math.max(rows, columns) * EPSILON : limit;
            if (length <= limit) {
                return rank;
            }
            double[] axis = vectors[longest];
            vectors[longest] = vectors[rank];
            vectors[rank] = axis;
            project(vectors, rank, length);
        }
        return most;
    }

    private static int longest(double[][] vectors, int from) {
        int longest = from;
        for (int i = from + 1; i < vectors.length; i++) {
            longest = dot(vectors[i], vectors[i]) > dot(vectors[longest], vectors[longest]) ? i : longest;
        }
        return longest;
    }

    /** Takes one vector out of all behind it. */
    private static void project(double[][] vectors, int one, double length) {
        double[] axis = vectors[one];
        for (int i = one + 1; i < vectors.length; i++) {
            double share = dot(axis, vectors[i]) / length / length;
            for (int row = 0; row < axis.length; row++) {
                vectors[i][row] -= share * axis[row];
            }
        }
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
