package {package};

import io.espalier.spi.loss.Loss;
import io.espalier.testkit.contract.LossContract;
import java.util.List;

class {class}Test extends LossContract {

    @Override
    protected Loss loss() {
        return new {class}();
    }

    @Override
    protected List<List<Long>> shapes() {
        return List.of(List.of(10L), List.of(3L));
    }
}
