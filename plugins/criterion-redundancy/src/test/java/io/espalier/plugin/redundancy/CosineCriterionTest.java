package io.espalier.plugin.redundancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.spi.criterion.ChannelCriterion;
import io.espalier.spi.criterion.Evidence;
import io.espalier.spi.criterion.GroupEvidence;
import io.espalier.spi.criterion.WeightInputs;
import io.espalier.spi.option.Options;
import io.espalier.testkit.TestingChannelGroup;
import io.espalier.testkit.TestingEvidence;
import io.espalier.testkit.TestingEvidence.Reader;
import io.espalier.testkit.TestingRunContext;
import io.espalier.testkit.TestingScoringContext;
import io.espalier.testkit.contract.ChannelCriterionContract;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CosineCriterionTest extends ChannelCriterionContract {

    @Override
    protected ChannelCriterion criterion() {
        return new CosineCriterion();
    }

    @Override
    protected Map<Evidence<?>, Object> evidence(List<TestingChannelGroup> groups) {
        return TestingEvidence.ofActivations();
    }

    @Test
    void theFirstRemovedLosesLeastToItsMostSimilarChannel() {
        for (long seed = 0; seed < 20; seed++) {
            int channels = 3 + (int) seed % 4;
            Reader reader = Reader.random(channels, 1, seed);
            double least = Double.POSITIVE_INFINITY;
            for (int one = 0; one < channels; one++) {
                for (int other = 0; other < channels; other++) {
                    double product = product(reader, one, other);
                    double lost = product(reader, one, one) - product * product / product(reader, other, other);
                    least = one == other ? least : Math.min(least, lost);
                }
            }
            double energy = 0;
            for (int i = 0; i <= channels; i++) {
                energy += product(reader, i, i);
            }
            double lowest = Double.POSITIVE_INFINITY;
            for (double score : scores(reader, channels)) {
                lowest = Math.min(lowest, score);
            }
            assertThat(lowest).as("seed %d", seed).isCloseTo(least / energy, within(1e-9));
        }
    }

    @Test
    void oneOfTwoScaledCopiesIsFreeAndTheOtherIsNot() {
        Reader reader = Reader.random(4, 1, 3);
        for (double[] sample : reader.samples()) {
            sample[3] = 2 * sample[1];
        }
        double[] scores = scores(reader, 4);
        assertThat(Math.min(scores[1], scores[3])).isCloseTo(0, within(1e-12));
        assertThat(Math.max(scores[1], scores[3])).isGreaterThan(1e-3);
    }

    private static double[] scores(Reader reader, int channels) {
        GroupEvidence<WeightInputs> inputs = group -> List.of(reader.inputs());
        TestingScoringContext context = new TestingScoringContext(
                new TestingRunContext(1), Options.none(), List.of(), Map.of(Evidence.WEIGHT_INPUTS, inputs));
        return new CosineCriterion().score(new TestingChannelGroup("group", channels, List.of()), context);
    }

    private static double product(Reader reader, int one, int other) {
        double sum = 0;
        for (double[] sample : reader.samples()) {
            sum += sample[one] * sample[other];
        }
        return sum;
    }
}
