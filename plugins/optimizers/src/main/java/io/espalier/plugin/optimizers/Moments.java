package io.espalier.plugin.optimizers;

import io.espalier.spi.optimizer.OptimizerStep;
import io.espalier.spi.option.OptionSpec;
import io.espalier.spi.option.Options;
import java.util.List;

/**
 * Running means of gradients and of their squares, both corrected for having begun at zero (Kingma and Ba, arXiv 1412.6980,
 * algorithm 1).
 */
final class Moments {

    static final List<String> STATE = List.of("mean", "square");

    private static final String FIRST = "beta1";
    private static final String SECOND = "beta2";
    private static final String EPSILON = "epsilon";

    private final float first;
    private final float second;
    private final float epsilon;
    private final float firstWeight;
    private final float secondWeight;

    private Moments(OptimizerStep step) {
        Options options = step.options();
        double beta1 = options.number(FIRST);
        double beta2 = options.number(SECOND);
        this.first = (float) beta1;
        this.second = (float) beta2;
        this.epsilon = (float) options.number(EPSILON);
        this.firstWeight = (float) (1 / (1 - Math.pow(beta1, step.number())));
        this.secondWeight = (float) (1 / (1 - Math.pow(beta2, step.number())));
    }

    static List<OptionSpec> options(double epsilon) {
        return List.of(
                OptionSpec.number(FIRST, 0.9, 0, 0.999999, "share of the last mean of gradients that is kept"),
                OptionSpec.number(SECOND, 0.999, 0, 0.999999, "share of the last mean of squares that is kept"),
                OptionSpec.number(EPSILON, epsilon, 1e-12, 1, "added to the root of the mean of squares"));
    }

    /**
     * Takes a gradient in, and puts the direction of the step in its place: the mean by the root of the square.
     *
     * @param state the mean and the square of each element
     */
    static void direct(float[] gradient, List<float[]> state, OptimizerStep step) {
        Moments moments = new Moments(step);
        moments.direct(gradient, state.get(0), state.get(1));
    }

    private void direct(float[] gradient, float[] mean, float[] square) {
        for (int i = 0; i < gradient.length; i++) {
            float slope = gradient[i];
            mean[i] = first * mean[i] + (1 - first) * slope;
            square[i] = second * square[i] + (1 - second) * slope * slope;
            gradient[i] = mean[i] * firstWeight / ((float) Math.sqrt(square[i] * secondWeight) + epsilon);
        }
    }
}
