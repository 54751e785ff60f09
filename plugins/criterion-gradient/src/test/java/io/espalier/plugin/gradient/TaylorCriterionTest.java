package io.espalier.plugin.gradient;

import io.espalier.spi.criterion.SliceCriterion;

class TaylorCriterionTest extends BatchCriterionContract {

    @Override
    protected SliceCriterion criterion() {
        return new TaylorCriterion();
    }

    @Override
    double[] expected() {
        return new double[] {1.5, 0.5};
    }
}
