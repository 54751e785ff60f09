package io.espalier.plugin.losses;

import io.espalier.spi.loss.Loss;
import io.espalier.testkit.contract.LossContract;
import java.util.List;

class CtcLossTest extends LossContract {

    @Override
    protected Loss loss() {
        return new CtcLoss();
    }

    @Override
    protected List<List<Long>> shapes() {
        return List.of(List.of(7L, 10L), List.of(1L, 2L));
    }
}
