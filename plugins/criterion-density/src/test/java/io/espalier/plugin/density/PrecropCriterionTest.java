package io.espalier.plugin.density;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.spi.criterion.ChannelCriterion;
import io.espalier.spi.criterion.ParameterRole;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.TestingChannelGroup;
import io.espalier.testkit.TestingParameterAxis;
import io.espalier.testkit.contract.ChannelCriterionContract;
import java.util.List;
import org.junit.jupiter.api.Test;

class PrecropCriterionTest extends ChannelCriterionContract {

    @Override
    protected ChannelCriterion criterion() {
        return new PrecropCriterion();
    }

    /** log 2, log 3/2 and log 4/3 for each of the two weights; the scale is none. */
    @Test
    void everyWeightCountsAndLaterChannelsCountLess() {
        TestingChannelGroup group = new TestingChannelGroup(
                "group",
                3,
                List.of(
                        axis("producer", ParameterRole.PRODUCER),
                        axis("scale", ParameterRole.NORM_SCALE),
                        axis("reader", ParameterRole.CONSUMER)));
        assertThat(score(group))
                .containsExactly(
                        new double[] {2 * 0.693147180559945, 2 * 0.405465108108164, 2 * 0.287682072451781},
                        within(1e-12));
    }

    private static TestingParameterAxis axis(String name, ParameterRole role) {
        return new TestingParameterAxis(name, 0, role, Tensors.floats(Tensors.shape(3, 1), 0, 0, 0));
    }
}
