package {package};

import io.espalier.spi.optimizer.Optimizer;
import io.espalier.testkit.contract.OptimizerContract;

class {class}Test extends OptimizerContract {

    @Override
    protected Optimizer optimizer() {
        return new {class}();
    }
}
