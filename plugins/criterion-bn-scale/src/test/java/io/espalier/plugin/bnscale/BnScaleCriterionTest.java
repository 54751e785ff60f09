package io.espalier.plugin.bnscale;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.spi.criterion.ParameterRole;
import io.espalier.spi.criterion.SliceCriterion;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.TestingParameterAxis;
import io.espalier.testkit.contract.ValueCriterionContract;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BnScaleCriterionTest extends ValueCriterionContract {

    @Override
    protected SliceCriterion criterion() {
        return new BnScaleCriterion();
    }

    @Override
    protected OptionalDouble degreeOfHomogeneity() {
        return OptionalDouble.of(1);
    }

    @Test
    void scoreIsTheAbsoluteScale() {
        TestingParameterAxis gamma = new TestingParameterAxis(
                "bn.weight", 0, ParameterRole.NORM_SCALE, Tensors.floats(Tensors.shape(4), 0.5f, -2, 0, 1));
        assertThat(score(gamma)).containsExactly(0.5, 2, 0, 1);
    }

    @ParameterizedTest
    @EnumSource(ParameterRole.class)
    void onlyScalesTakePart(ParameterRole role) {
        assertThat(criterion().scores(role)).isEqualTo(role == ParameterRole.NORM_SCALE);
    }
}
