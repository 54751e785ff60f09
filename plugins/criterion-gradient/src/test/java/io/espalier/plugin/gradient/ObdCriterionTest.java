package io.espalier.plugin.gradient;

import io.espalier.spi.criterion.Evidence;
import io.espalier.spi.criterion.SliceCriterion;
import io.espalier.spi.tensor.Tensor;
import java.util.Map;

class ObdCriterionTest extends ElementCriterionContract {

    @Override
    protected SliceCriterion criterion() {
        return new ObdCriterion();
    }

    @Override
    Evidence<Map<String, Tensor>> kind() {
        return Evidence.SQUARED_GRADIENTS;
    }

    @Override
    double worth(double weight, double square) {
        return weight * weight * square / 2;
    }
}
