package io.espalier.plugin.losses;

import io.espalier.spi.loss.Loss;
import io.espalier.testkit.contract.LossContract;

class BinaryCrossEntropyLossTest extends LossContract {

    @Override
    protected Loss loss() {
        return new BinaryCrossEntropyLoss();
    }
}
