package io.espalier.plugin.lamp;

import io.espalier.spi.criterion.ParameterAxis;
import io.espalier.spi.criterion.ParameterRole;
import io.espalier.spi.criterion.ScoringContext;
import io.espalier.spi.criterion.SliceCriterion;

/**
 * Layer-adaptive magnitude: the share of a weight among all weights of its tensor that are no smaller.
 *
 * <p>Lee et al., "Layer-adaptive Sparsity for the Magnitude-based Pruning" (ICLR 2021, arXiv 2010.07611), section 2.
 * The elements of a tensor are sorted by magnitude, ascending; the score of the element at rank {@code u} is
 * {@code w_u^2 / (w_u^2 + w_(u+1)^2 + ... + w_last^2)}, and a slice gets the sum over its elements. As in the paper, ties
 * are broken by the sort: it is stable, so of two equal magnitudes the one stored first has the lower rank and the lower
 * score. The largest element scores 1, a zero scores 0, also in a tensor of zeros.
 *
 * <p>Only connection weights take part, as in the paper: the scores of every tensor end at 1 whatever its size, so a
 * small vector of biases would outweigh a layer. Scores are comparable between layers by design; rank them globally
 * without normalisation.
 *
 * <p>Memory: 24 bytes an element up to four million elements. Larger tensors are read once more for every four million,
 * from the largest magnitudes down.
 */
public final class LampCriterion implements SliceCriterion {

    private static final int ELEMENTS_AT_ONCE = 1 << 22;

    @Override
    public String name() {
        return "lamp";
    }

    @Override
    public String description() {
        return "Squared weight over the sum of squares of all weights of the tensor that are no smaller (LAMP).";
    }

    @Override
    public boolean scores(ParameterRole role) {
        return role == ParameterRole.PRODUCER || role == ParameterRole.CONSUMER;
    }

    @Override
    public double[] score(ParameterAxis axis, ScoringContext context) {
        return new LampScores(axis, context, ELEMENTS_AT_ONCE).compute();
    }
}
