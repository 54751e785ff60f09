package {package};

import io.espalier.spi.regularizer.Regularizer;
import io.espalier.testkit.contract.RegularizerContract;

class {class}Test extends RegularizerContract {

    @Override
    protected Regularizer regularizer() {
        return new {class}();
    }
}
