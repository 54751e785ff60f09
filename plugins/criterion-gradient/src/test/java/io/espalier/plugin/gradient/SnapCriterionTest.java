package io.espalier.plugin.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.spi.criterion.ChannelCriterion;
import io.espalier.spi.criterion.Evidence;
import io.espalier.spi.criterion.ParameterAxis;
import io.espalier.spi.criterion.ParameterRole;
import io.espalier.spi.criterion.SliceGradients;
import io.espalier.spi.option.Options;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.TestingChannelGroup;
import io.espalier.testkit.TestingParameterAxis;
import io.espalier.testkit.TestingRunContext;
import io.espalier.testkit.TestingScoringContext;
import io.espalier.testkit.contract.ChannelCriterionContract;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SnapCriterionTest extends ChannelCriterionContract {

    @Override
    protected ChannelCriterion criterion() {
        return new SnapCriterion();
    }

    @Override
    protected Map<Evidence<?>, Object> evidence(List<TestingChannelGroup> groups) {
        return TestingGradients.ofSlices();
    }

    /** The gates of readers add up before the magnitude is taken; what computes the channel has none. */
    @Test
    void gatesOfAllReadersAddUp() {
        SliceGradients gradients = axis -> axis.parameter().equals("first")
                ? List.of(new double[] {1, -2}, new double[] {3, -2})
                : List.of(new double[] {1, 1, 1, -4}, new double[] {0, 0, 0, 0});
        TestingChannelGroup group = new TestingChannelGroup(
                "group",
                2,
                List.of(
                        axis("producer", 2, ParameterRole.PRODUCER),
                        axis("first", 2, ParameterRole.CONSUMER),
                        axis("second", 4, ParameterRole.CONSUMER)));
        TestingScoringContext context = context(group, gradients);
        assertThat(criterion().scores(group, context)).isTrue();
        assertThat(criterion().score(group, context)).containsExactly(new double[] {3, 3.5}, within(1e-12));
    }

    @Test
    void channelsThatNoWeightReadsAreLeftAlone() {
        TestingChannelGroup group =
                new TestingChannelGroup("group", 2, List.of(axis("producer", 2, ParameterRole.PRODUCER)));
        assertThat(criterion().scores(group, context(group, SnapCriterionTest::ones)))
                .isFalse();
    }

    private static List<double[]> ones(ParameterAxis axis) {
        double[] ones = new double[axis.size()];
        Arrays.fill(ones, 1);
        return List.of(ones);
    }

    private static TestingParameterAxis axis(String name, int size, ParameterRole role) {
        return new TestingParameterAxis(name, 0, role, Tensors.floats(Tensors.shape(size, 1), new float[size]));
    }

    private static TestingScoringContext context(TestingChannelGroup group, SliceGradients gradients) {
        return new TestingScoringContext(
                new TestingRunContext(1), Options.none(), List.of(group), Map.of(Evidence.SLICE_GRADIENTS, gradients));
    }
}
