package io.espalier.plugin.gradient;

import io.espalier.spi.criterion.Evidence;
import io.espalier.spi.criterion.SliceCriterion;
import io.espalier.spi.tensor.Tensor;
import java.util.Map;

class DcpCriterionTest extends ElementCriterionContract {

    @Override
    protected SliceCriterion criterion() {
        return new DcpCriterion();
    }

    @Override
    Evidence<Map<String, Tensor>> kind() {
        return Evidence.LOSS_GRADIENTS;
    }

    @Override
    double worth(double weight, double gradient) {
        return gradient * gradient;
    }
}
