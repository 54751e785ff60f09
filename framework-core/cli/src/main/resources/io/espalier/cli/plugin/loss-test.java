package {package};

import io.espalier.spi.loss.Loss;
import io.espalier.testkit.contract.LossContract;

class {class}Test extends LossContract {

    @Override
    protected Loss loss() {
        return new {class}();
    }
}
