package io.espalier.plugin.gradient;

import io.espalier.spi.criterion.SliceCriterion;

class JacobianCriterionTest extends BatchCriterionContract {

    @Override
    protected SliceCriterion criterion() {
        return new JacobianCriterion();
    }

    @Override
    double[] expected() {
        return new double[] {4.5, 0.5};
    }
}
