package io.espalier.plugin.gradient;

import io.espalier.spi.criterion.Evidence;
import io.espalier.spi.criterion.SliceCriterion;
import io.espalier.spi.tensor.Tensor;
import java.util.Map;

class SynflowCriterionTest extends ElementCriterionContract {

    @Override
    protected SliceCriterion criterion() {
        return new SynflowCriterion();
    }

    @Override
    Evidence<Map<String, Tensor>> kind() {
        return Evidence.SYNAPTIC_FLOW;
    }

    @Override
    double worth(double weight, double flow) {
        return Math.abs(weight) * flow;
    }
}
