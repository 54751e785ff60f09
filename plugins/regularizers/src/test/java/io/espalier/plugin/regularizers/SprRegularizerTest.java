package io.espalier.plugin.regularizers;

import io.espalier.spi.regularizer.Regularizer;
import io.espalier.testkit.contract.RegularizerContract;

class SprRegularizerTest extends RegularizerContract {

    @Override
    protected Regularizer regularizer() {
        return new SprRegularizer();
    }
}
