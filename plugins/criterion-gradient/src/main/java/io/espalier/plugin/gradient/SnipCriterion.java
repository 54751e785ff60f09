package io.espalier.plugin.gradient;

import io.espalier.spi.criterion.Evidence;
import io.espalier.spi.criterion.ParameterAxis;
import io.espalier.spi.criterion.ScoringContext;
import io.espalier.spi.criterion.SliceCriterion;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.Set;

/**
 * Sum over a slice of the magnitudes of weight times gradient of the loss, averaged over all calibration data.
 *
 * <p>Lee et al., "SNIP: Single-shot Network Pruning based on Connection Sensitivity" (arXiv 1810.02340), equation 5, made for
 * networks before training; the sum over slices makes it structured.
 *
 * <p>Not for trained networks: where training has ended, averaged gradients are small and say little.
 */
public final class SnipCriterion implements SliceCriterion {

    @Override
    public String name() {
        return "snip";
    }

    @Override
    public String description() {
        return "Sensitivity of the loss to each connection, summed (SNIP).";
    }

    @Override
    public Set<Evidence<?>> evidence() {
        return Set.of(Evidence.LOSS_GRADIENTS);
    }

    @Override
    public double[] score(ParameterAxis axis, ScoringContext context) {
        double[] scores = new double[axis.size()];
        Tensor gradient = context.evidence(Evidence.LOSS_GRADIENTS).get(axis.parameter());
        if (gradient == null) {
            return scores;
        }
        double[] gradients = Tensors.toDoubles(gradient);
        int[] next = new int[1];
        axis.forEachRun((slice, step, values, from, to) -> {
            int at = slice;
            for (int i = from; i < to; i++) {
                scores[at] += Math.abs(values[i] * gradients[next[0]++]);
                at += step;
            }
        });
        return scores;
    }
}
