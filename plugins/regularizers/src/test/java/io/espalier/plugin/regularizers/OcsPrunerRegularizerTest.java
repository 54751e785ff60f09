package io.espalier.plugin.regularizers;

import io.espalier.spi.regularizer.Regularizer;
import io.espalier.testkit.contract.RegularizerContract;

class OcsPrunerRegularizerTest extends RegularizerContract {

    @Override
    protected Regularizer regularizer() {
        return new OcsPrunerRegularizer();
    }
}
