package {package};

import io.espalier.spi.criterion.SliceCriterion;
import io.espalier.testkit.contract.CriterionContract;

class {class}Test extends CriterionContract {

    @Override
    protected SliceCriterion criterion() {
        return new {class}();
    }
}
