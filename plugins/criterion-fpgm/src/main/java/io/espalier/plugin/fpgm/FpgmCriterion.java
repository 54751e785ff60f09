package io.espalier.plugin.fpgm;

import io.espalier.spi.criterion.ParameterAxis;
import io.espalier.spi.criterion.ParameterRole;
import io.espalier.spi.criterion.ScoringContext;
import io.espalier.spi.criterion.SliceCriterion;

/**
 * The sum of the Euclidean distances from one filter to all filters of its layer: the filters nearest to the geometric
 * median are the ones the others can replace.
 *
 * <p>He et al., "Filter Pruning via Geometric Median for Deep Neural Networks Acceleration" (CVPR 2019, arXiv
 * 1811.00250), section 3, on the raw signed weights. Only producers take part: the method compares filters.
 *
 * <p>Cost: {@code n^2 d / 2} subtractions for {@code n} filters of {@code d} weights, about a second for 1024 filters of
 * 2048 weights. Differences are taken directly and not through inner products, which would lose near-equal filters, the
 * very ones it looks for, to cancellation. Memory: at most 128 MiB; a layer larger than half of that is read several
 * times.
 */
public final class FpgmCriterion implements SliceCriterion {

    private static final int ELEMENTS_AT_ONCE = 1 << 23;

    @Override
    public String name() {
        return "fpgm";
    }

    @Override
    public String description() {
        return "Sum of distances to all other filters of the layer: replaceable filters go first (FPGM).";
    }

    @Override
    public boolean scores(ParameterRole role) {
        return role == ParameterRole.PRODUCER;
    }

    @Override
    public double[] score(ParameterAxis axis, ScoringContext context) {
        return new DistanceSums(axis, context, ELEMENTS_AT_ONCE).compute();
    }
}
