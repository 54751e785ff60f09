package io.espalier.plugin.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.spi.criterion.ParameterRole;
import io.espalier.spi.criterion.SliceCriterion;
import org.junit.jupiter.api.Test;

class GateCriterionTest extends BatchCriterionContract {

    @Override
    protected SliceCriterion criterion() {
        return new GateCriterion();
    }

    @Override
    double[] expected() {
        return new double[] {1.5, 0.5};
    }

    @Test
    void onlyScalesOfNormalisationsTakePart() {
        assertThat(roles()).containsExactly(ParameterRole.NORM_SCALE);
    }
}
