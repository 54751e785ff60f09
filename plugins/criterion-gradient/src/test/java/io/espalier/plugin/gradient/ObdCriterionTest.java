package io.espalier.plugin.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.spi.criterion.Evidence;
import io.espalier.spi.criterion.ParameterRole;
import io.espalier.spi.criterion.SliceCriterion;
import io.espalier.spi.option.Options;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.TestingParameterAxis;
import io.espalier.testkit.TestingRunContext;
import io.espalier.testkit.TestingScoringContext;
import io.espalier.testkit.contract.CriterionContract;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ObdCriterionTest extends CriterionContract {

    @Override
    protected SliceCriterion criterion() {
        return new ObdCriterion();
    }

    /** The loss depends on no parameter of the contract. */
    @Override
    protected Map<Evidence<?>, Object> evidence() {
        return Map.of(Evidence.SQUARED_GRADIENTS, Map.of());
    }

    @Test
    void squaredWeightsTimesSquaresAreSummedAlongEitherAxis() {
        Tensor weight = Tensors.floats(Tensors.shape(2, 3), 1, -2, 3, 4, 5, -6);
        Tensor squares = Tensors.floats(Tensors.shape(2, 3), 1, 1, 2, 0, 2, 0.5f);
        assertThat(scores(weight, squares, 0)).containsExactly(11.5, 34);
        assertThat(scores(weight, squares, 1)).containsExactly(0.5, 27, 18);
    }

    private double[] scores(Tensor weight, Tensor gradient, int axis) {
        TestingScoringContext context = new TestingScoringContext(
                new TestingRunContext(1),
                Options.none(),
                List.of(),
                Map.of(Evidence.SQUARED_GRADIENTS, Map.of("weight", gradient)));
        return criterion().score(new TestingParameterAxis("weight", axis, ParameterRole.PRODUCER, weight), context);
    }
}
