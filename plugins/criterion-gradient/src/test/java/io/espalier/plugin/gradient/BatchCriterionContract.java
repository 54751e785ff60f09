package io.espalier.plugin.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.spi.criterion.Evidence;
import io.espalier.spi.criterion.ParameterRole;
import io.espalier.spi.option.Options;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.TestingParameterAxis;
import io.espalier.testkit.TestingRunContext;
import io.espalier.testkit.TestingScoringContext;
import io.espalier.testkit.contract.CriterionContract;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

abstract class BatchCriterionContract extends CriterionContract {

    @Override
    protected Map<Evidence<?>, Object> evidence() {
        return TestingGradients.ofSlices();
    }

    /** The scores of two slices whose sums are -3 and 1 in the first batch, and 0 in the second. */
    abstract double[] expected();

    @Test
    void batchesDoNotCancelEachOther() {
        TestingParameterAxis axis = new TestingParameterAxis(
                "weight", 0, ParameterRole.PRODUCER, Tensors.floats(Tensors.shape(2, 1), 1, 1));
        TestingScoringContext context = new TestingScoringContext(
                new TestingRunContext(1),
                Options.none(),
                List.of(),
                TestingGradients.of(new double[] {-3, 1}, new double[] {0, 0}));
        assertThat(criterion().score(axis, context)).containsExactly(expected());
    }
}
