package io.espalier.plugin.optimizers;

import io.espalier.spi.optimizer.Optimizer;
import io.espalier.testkit.contract.OptimizerContract;

class AdamWOptimizerTest extends OptimizerContract {

    @Override
    protected Optimizer optimizer() {
        return new AdamWOptimizer();
    }
}
