package io.espalier.plugin.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.spi.criterion.ChannelCriterion;
import io.espalier.spi.criterion.ChannelFlow;
import io.espalier.spi.criterion.Evidence;
import io.espalier.spi.criterion.GroupEvidence;
import io.espalier.spi.criterion.ParameterRole;
import io.espalier.spi.option.Options;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.TestingChannelGroup;
import io.espalier.testkit.TestingParameterAxis;
import io.espalier.testkit.TestingRunContext;
import io.espalier.testkit.TestingScoringContext;
import io.espalier.testkit.contract.ChannelCriterionContract;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class NispCriterionTest extends ChannelCriterionContract {

    @Override
    protected ChannelCriterion criterion() {
        return new NispCriterion();
    }

    @Override
    protected Map<Evidence<?>, Object> evidence(List<TestingChannelGroup> groups) {
        GroupEvidence<ChannelFlow> flow = group -> List.of(new ChannelFlow(
                "value",
                new SplittableRandom(group.name().hashCode())
                        .doubles(group.size())
                        .toArray()));
        return Map.of(Evidence.CHANNEL_FLOW, flow);
    }

    @Test
    void valuesInWhichAChannelIsReadAddUp() {
        assertThat(scores(new ChannelFlow("a", new double[] {1, 2}), new ChannelFlow("b", new double[] {0.5, 0})))
                .containsExactly(1.5, 2);
    }

    @Test
    void channelsThatNothingReadsAreLeftAlone() {
        assertThat(criterion().scores(group(), context())).isFalse();
    }

    private double[] scores(ChannelFlow... flows) {
        return criterion().score(group(), context(flows));
    }

    private static TestingChannelGroup group() {
        return new TestingChannelGroup(
                "group",
                2,
                List.of(new TestingParameterAxis(
                        "weight", 0, ParameterRole.PRODUCER, Tensors.floats(Tensors.shape(2, 1), 1, 1))));
    }

    private static TestingScoringContext context(ChannelFlow... flows) {
        GroupEvidence<ChannelFlow> flow = group -> List.of(flows);
        return new TestingScoringContext(
                new TestingRunContext(1), Options.none(), List.of(group()), Map.of(Evidence.CHANNEL_FLOW, flow));
    }
}
