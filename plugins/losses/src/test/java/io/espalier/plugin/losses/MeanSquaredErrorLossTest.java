package io.espalier.plugin.losses;

import io.espalier.spi.loss.Loss;
import io.espalier.testkit.contract.LossContract;

class MeanSquaredErrorLossTest extends LossContract {

    @Override
    protected Loss loss() {
        return new MeanSquaredErrorLoss();
    }
}
