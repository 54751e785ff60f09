package io.espalier.plugin.gradient;

import io.espalier.spi.criterion.Evidence;
import io.espalier.spi.criterion.ParameterAxis;
import io.espalier.spi.criterion.ScoringContext;
import io.espalier.spi.criterion.SliceCriterion;
import java.util.List;
import java.util.Set;

/** Scores slices by what each batch says they do to the loss. */
abstract class BatchCriterion implements SliceCriterion {

    @Override
    public Set<Evidence<?>> evidence() {
        return Set.of(Evidence.SLICE_GRADIENTS);
    }

    @Override
    public double[] score(ParameterAxis axis, ScoringContext context) {
        List<double[]> batches = context.evidence(Evidence.SLICE_GRADIENTS).of(axis);
        double[] scores = new double[axis.size()];
        for (double[] batch : batches) {
            for (int slice = 0; slice < scores.length; slice++) {
                scores[slice] += ofBatch(batch[slice]) / batches.size();
            }
        }
        return scores;
    }

    /**
     * What a batch adds to the score of a slice.
     *
     * @param product the sum of weight times gradient over the slice
     */
    abstract double ofBatch(double product);
}
