package io.espalier.plugin.reconstruction;

import io.espalier.spi.criterion.ScoringContext;
import io.espalier.spi.criterion.WeightInputs;
import java.util.Arrays;
import java.util.List;

/**
 * The penalty at which LASSO gives a channel up. With a factor {@code b_k} for the contribution {@code c_k} of each channel to
 * the layers that read it, {@code 1/2 ||sum c_k - sum b_k c_k||^2 + penalty sum |b_k|} is minimised for rising penalties; a
 * channel scores the penalty at which its factor becomes 0.
 *
 * <p>He et al., "Channel Pruning for Accelerating Very Deep Neural Networks" (ICCV 2017, arXiv 1707.06168), section 3.1, which
 * raises the penalty until few enough channels are left; here the whole path is followed, by coordinate descent on the second
 * moments of contributions, and energies are relative to those of the outputs. The least-squares step of the paper is a recovery:
 * {@code --repair obs}.
 *
 * <p>Not for groups of several thousand channels: each of 100 penalties costs some passes over the square of their number.
 */
public final class ChannelLassoCriterion extends ReadersCriterion {

    private static final int PENALTIES = 100;
    private static final double LOWEST = 1e-6;
    private static final int MOST_PASSES = 200;
    private static final double SETTLED = 1e-7;

    @Override
    public String name() {
        return "channel-lasso";
    }

    @Override
    public String description() {
        return "The penalty at which LASSO gives the channel up (channel pruning, He et al. 2017).";
    }

    @Override
    double[] score(int channels, List<WeightInputs> readers, ScoringContext context) {
        double[][] moments = Contributions.of(channels, readers);
        double[] targets = Arrays.stream(moments)
                .mapToDouble(row -> Arrays.stream(row).sum())
                .toArray();
        double highest = Arrays.stream(targets).map(Math::abs).max().orElse(0);
        double[] factors = new double[channels];
        Arrays.fill(factors, 1);
        double[] scores = new double[channels];
        double step = Math.pow(LOWEST, -1.0 / (PENALTIES - 1));
        for (int i = 0; i < PENALTIES && highest > 0; i++) {
            context.checkCancelled();
            double penalty = highest * LOWEST * Math.pow(step, i);
            descend(moments, targets, penalty, factors);
            for (int k = 0; k < channels; k++) {
                double factor = Math.abs(factors[k]);
                // Channels that are given up between the same two penalties: the smaller factor first.
                scores[k] = factor > 0 ? penalty * (1 + (step - 1) * factor / (1 + factor)) : scores[k];
            }
        }
        return scores;
    }

    private static void descend(double[][] moments, double[] targets, double penalty, double... factors) {
        double change = 1;
        for (int pass = 0; pass < MOST_PASSES && change > SETTLED; pass++) {
            change = 0;
            for (int k = 0; k < factors.length; k++) {
                double before = factors[k];
                double rest = targets[k] + moments[k][k] * before;
                for (int l = 0; l < factors.length; l++) {
                    rest -= moments[k][l] * factors[l];
                }
                double size = Math.max(0, Math.abs(rest) - penalty);
                factors[k] = moments[k][k] > 0 ? Math.signum(rest) * size / moments[k][k] : 0;
                change = Math.max(change, Math.abs(factors[k] - before));
            }
        }
    }
}
