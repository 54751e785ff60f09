package io.espalier.engine.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SoftmaxRegressionTest {

    private static final int CLASSES = 3;
    private static final int EXAMPLES = 300;

    /** Three clouds, with features of very different sizes and one that never changes. */
    private static double[][] features(int[] classes, Random random) {
        double[][] features = new double[classes.length][4];
        for (int row = 0; row < classes.length; row++) {
            features[row][0] = 1000 * (random.nextGaussian() + (classes[row] == 0 ? 2 : 0)) + 5000;
            features[row][1] = 1e-3 * (random.nextGaussian() + (classes[row] == 1 ? 2 : 0));
            features[row][2] = random.nextGaussian();
            features[row][3] = 7;
        }
        return features;
    }

    private static double loss(double[][] features, int[] classes, double[][] weight, double... bias) {
        double loss = 0;
        for (int row = 0; row < features.length; row++) {
            double[] scores = bias.clone();
            for (int i = 0; i < weight.length; i++) {
                for (int k = 0; k < CLASSES; k++) {
                    scores[k] += features[row][i] * weight[i][k];
                }
            }
            loss += Math.log(Arrays.stream(scores).map(Math::exp).sum()) - scores[classes[row]];
        }
        return loss / features.length;
    }

    @Test
    void noSmallChangeOfTheClassifierIsMuchBetter() {
        for (long seed = 0; seed < 5; seed++) {
            Random random = new Random(seed);
            int[] classes =
                    IntStream.range(0, EXAMPLES).map(row -> row % CLASSES).toArray();
            double[][] features = features(classes, random);
            SoftmaxRegression fitted = SoftmaxRegression.fit(features, classes, CLASSES);
            double best = loss(features, classes, fitted.weight(), fitted.bias());

            assertThat(best).as("seed %d", seed).isLessThan(0.8 * Math.log(CLASSES));
            double[] sizes = {1e-3, 1e3, 1, 1};
            for (int trial = 0; trial < 50; trial++) {
                double[] bias = fitted.bias().clone();
                double[][] weight = new double[4][CLASSES];
                for (int k = 0; k < CLASSES; k++) {
                    for (int i = 0; i < 3; i++) {
                        double change = 0.1 * random.nextGaussian() * sizes[i];
                        weight[i][k] = fitted.weight()[i][k] + change;
                        bias[k] -= i == 0 ? 5000 * change : 0;
                    }
                    bias[k] += 0.1 * random.nextGaussian();
                }
                assertThat(loss(features, classes, weight, bias))
                        .as("seed %d", seed)
                        .isGreaterThan(best - 2e-3);
            }
        }
    }
}
