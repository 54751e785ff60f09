package {package};

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.spi.criterion.SliceCriterion;
import io.espalier.testkit.TestingParameterAxis;
import io.espalier.testkit.contract.ValueCriterionContract;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class {class}Test extends ValueCriterionContract {

    @Override
    protected SliceCriterion criterion() {
        return new {class}();
    }

    @Override
    protected OptionalDouble degreeOfHomogeneity() {
        return OptionalDouble.of(1);
    }

    @Test
    void aSliceIsWorthItsLargestMagnitude() {
        assertThat(score(TestingParameterAxis.rows(new float[] {1, -3}, new float[] {0, 0.5f})))
                .containsExactly(3, 0.5);
    }
}
