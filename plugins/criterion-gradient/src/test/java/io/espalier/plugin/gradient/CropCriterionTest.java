package io.espalier.plugin.gradient;

import io.espalier.spi.criterion.Evidence;
import io.espalier.spi.criterion.SliceCriterion;
import io.espalier.spi.tensor.Tensor;
import java.util.Map;

class CropCriterionTest extends ElementCriterionContract {

    @Override
    protected SliceCriterion criterion() {
        return new CropCriterion();
    }

    @Override
    Evidence<Map<String, Tensor>> kind() {
        return Evidence.HESSIAN_GRADIENTS;
    }

    @Override
    double worth(double weight, double product) {
        return Math.abs(weight * product);
    }
}
