package io.espalier.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.spi.criterion.ChannelCriterion;
import io.espalier.spi.criterion.Evidence;
import io.espalier.spi.criterion.ParameterRole;
import io.espalier.spi.option.Options;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.contract.ChannelCriterionContract;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A criterion of whole channels that needs evidence passes the contract. */
class TestingChannelCriterionTest extends ChannelCriterionContract {

    @Override
    protected ChannelCriterion criterion() {
        return new TestingChannelCriterion();
    }

    /** All gradients are 2. */
    @Override
    protected Map<Evidence<?>, Object> evidence(List<TestingChannelGroup> groups) {
        Map<String, Tensor> gradients = new HashMap<>();
        for (TestingChannelGroup group : groups) {
            for (TestingParameterAxis axis : group.parameters()) {
                double[] values = new double[Math.toIntExact(axis.tensor().size())];
                Arrays.fill(values, 2);
                gradients.put(axis.parameter(), Tensors.fromDoubles(DataType.FLOAT64, axis.shape(), values));
            }
        }
        return Map.of(Evidence.LOSS_GRADIENTS, gradients);
    }

    @Test
    void aChannelScoresAllOfItsSlices() {
        TestingParameterAxis rows = TestingParameterAxis.rows(new float[] {1, -3}, new float[] {0, 0.5f});
        TestingParameterAxis columns = new TestingParameterAxis(
                "reader", 1, ParameterRole.CONSUMER, Tensors.floats(List.of(1L, 4L), 1, 2, 4, 8));

        assertThat(score(new TestingChannelGroup("group", 2, List.of(rows, columns))))
                .containsExactly(2 * (1 + 3 + 1 + 2), 2 * (0.5 + 4 + 8));
    }

    @Test
    void undeclaredEvidenceIsNotHandedOut() {
        TestingScoringContext context = new TestingScoringContext(new TestingRunContext(1), Options.none());

        assertThatThrownBy(() -> context.evidence(Evidence.LOSS_GRADIENTS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("loss-gradients");
    }
}
