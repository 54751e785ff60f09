package io.espalier.engine.evidence;

import java.util.Arrays;

/**
 * A linear classifier: the scores of the classes are {@code features weight + bias}.
 *
 * @param weight by feature and class
 * @param bias by class
 */
record SoftmaxRegression(double[][] weight, double[] bias) {

    private static final int STEPS = 100;
    private static final int POWER_STEPS = 10;
    /** Of the squares of weights of features of deviation 1. */
    private static final double PENALTY = 1e-3;

    /**
     * Minimises the cross-entropy with a small penalty on squared weights, in accelerated steps (Nesterov) from zero; nothing is random.
     *
     * @param features by example and feature
     * @param classes the class of each example, from 0
     * @param count number of classes
     */
    static SoftmaxRegression fit(double[][] features, int[] classes, int count) {
        int width = features[0].length;
        double[] mean = new double[width];
        double[] scale = new double[width];
        double[][] standard = standardised(features, mean, scale);
        double step = 2 / (largestMoment(standard) + 1 + 2 * PENALTY);
        double[][] weight = new double[width + 1][count];
        double[][] before = new double[width + 1][count];
        for (int turn = 0; turn < STEPS; turn++) {
            double[][] ahead = ahead(weight, before, turn / (turn + 3.0));
            before = weight;
            double[][] slope = slope(standard, classes, ahead);
            weight = ahead;
            for (int i = 0; i <= width; i++) {
                for (int k = 0; k < count; k++) {
                    weight[i][k] -= step * slope[i][k];
                }
            }
        }
        return ofPlainFeatures(weight, mean, scale);
    }

    /** Features of mean 0 and deviation 1, and a 1 behind them; a feature that never changes is 0. */
    private static double[][] standardised(double[][] features, double[] mean, double... scale) {
        int examples = features.length;
        int width = mean.length;
        for (int i = 0; i < width; i++) {
            int at = i;
            mean[i] = Arrays.stream(features).mapToDouble(row -> row[at]).sum() / examples;
            double variance = Arrays.stream(features)
                            .mapToDouble(row -> (row[at] - mean[at]) * (row[at] - mean[at]))
                            .sum()
                    / examples;
            scale[i] = variance > 0 ? 1 / Math.sqrt(variance) : 0;
        }
        double[][] standard = new double[examples][width + 1];
        for (int row = 0; row < examples; row++) {
            for (int i = 0; i < width; i++) {
                standard[row][i] = (features[row][i] - mean[i]) * scale[i];
            }
            standard[row][width] = 1;
        }
        return standard;
    }

    /** The largest eigenvalue of the second moments, by powers of them. */
    private static double largestMoment(double[][] rows) {
        double[] direction = new double[rows[0].length];
        Arrays.setAll(direction, i -> 1 + i % 7 / 7.0);
        double largest = 0;
        for (int turn = 0; turn < POWER_STEPS; turn++) {
            double norm = Math.sqrt(dot(direction, direction));
            double[] next = new double[direction.length];
            for (double[] row : rows) {
                double along = dot(row, direction) / norm / rows.length;
                Arrays.setAll(next, i -> next[i] + along * row[i]);
            }
            direction = next;
            largest = Math.sqrt(dot(next, next));
        }
        return largest;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static double[][] ahead(double[][] weight, double[][] before, double momentum) {
        double[][] ahead = new double[weight.length][];
        for (int i = 0; i < weight.length; i++) {
            double[] now = weight[i];
            double[] then = before[i];
            ahead[i] = now.clone();
            Arrays.setAll(ahead[i], k -> now[k] + momentum * (now[k] - then[k]));
        }
        return ahead;
    }

    private static double[][] slope(double[][] rows, int[] classes, double[][] weight) {
        int count = weight[0].length;
        double[][] slope = new double[weight.length][count];
        for (int row = 0; row < rows.length; row++) {
            double[] excess = shares(rows[row], weight);
            excess[classes[row]] -= 1;
            for (int i = 0; i < weight.length; i++) {
                double factor = rows[row][i] / rows.length;
                for (int k = 0; k < count; k++) {
                    slope[i][k] += factor * excess[k];
                }
            }
        }
        for (int i = 0; i + 1 < weight.length; i++) {
            for (int k = 0; k < count; k++) {
                slope[i][k] += 2 * PENALTY * weight[i][k];
            }
        }
        return slope;
    }

    /** The softmax of the scores of an example. */
    private static double[] shares(double[] row, double[][] weight) {
        double[] scores = new double[weight[0].length];
        for (int i = 0; i < row.length; i++) {
            for (int k = 0; k < scores.length; k++) {
                scores[k] += row[i] * weight[i][k];
            }
        }
        double largest = Arrays.stream(scores).max().orElseThrow();
        Arrays.setAll(scores, k -> Math.exp(scores[k] - largest));
        double sum = Arrays.stream(scores).sum();
        Arrays.setAll(scores, k -> scores[k] / sum);
        return scores;
    }

    private static SoftmaxRegression ofPlainFeatures(double[][] standard, double[] mean, double... scale) {
        double[] bias = standard[mean.length].clone();
        double[][] weight = Arrays.copyOf(standard, mean.length);
        for (int i = 0; i < mean.length; i++) {
            for (int k = 0; k < bias.length; k++) {
                weight[i][k] *= scale[i];
                bias[k] -= mean[i] * weight[i][k];
            }
        }
        return new SoftmaxRegression(weight, bias);
    }
}
