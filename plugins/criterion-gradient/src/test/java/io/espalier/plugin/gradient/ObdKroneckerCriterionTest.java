package io.espalier.plugin.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.spi.criterion.ChannelCriterion;
import io.espalier.spi.criterion.Evidence;
import io.espalier.spi.criterion.GroupEvidence;
import io.espalier.spi.criterion.OutputGradients;
import io.espalier.spi.criterion.ParameterRole;
import io.espalier.spi.criterion.WeightInputs;
import io.espalier.spi.option.Options;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.TestingChannelGroup;
import io.espalier.testkit.TestingEvidence;
import io.espalier.testkit.TestingParameterAxis;
import io.espalier.testkit.TestingRunContext;
import io.espalier.testkit.TestingScoringContext;
import io.espalier.testkit.contract.ChannelCriterionContract;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObdKroneckerCriterionTest extends ChannelCriterionContract {

    @Override
    protected ChannelCriterion criterion() {
        return new ObdKroneckerCriterion();
    }

    @Override
    protected Map<Evidence<?>, Object> evidence(List<TestingChannelGroup> groups) {
        OutputGradients gradients = reader -> {
            double[] ones = new double[reader.groups() * reader.outputs() * reader.outputs()];
            Arrays.fill(ones, 1);
            return ones;
        };
        Map<Evidence<?>, Object> all = new LinkedHashMap<>(TestingEvidence.ofActivations());
        all.put(Evidence.OUTPUT_GRADIENTS, gradients);
        return all;
    }

    /** With one sample the curvature is known: half the square of what each channel adds along the gradient. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void ofOneSampleItIsTheSquareOfTheFirstOrderChange(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] channels = {1, 0, -1, 1, 0, 1, 1, -1};
        double[] inputs = random.doubles(8, -1, 1).toArray();
        double[] gradient = random.doubles(6, -1, 1).toArray();
        double[] weight = random.doubles(2 * 3 * 4, -1, 1).toArray();
        double[] gram = products(inputs, 4);
        double[] outputs = products(gradient, 3);
        double[] expected = new double[2];
        for (int group = 0; group < 2; group++) {
            double[] change = new double[2];
            for (int o = 0; o < 3; o++) {
                for (int i = 0; i < 4; i++) {
                    int channel = channels[group * 4 + i];
                    if (channel >= 0) {
                        change[channel] +=
                                gradient[group * 3 + o] * weight[(group * 3 + o) * 4 + i] * inputs[group * 4 + i];
                    }
                }
            }
            expected[0] += change[0] * change[0] / 2;
            expected[1] += change[1] * change[1] / 2;
        }
        Arrays.setAll(gram, i -> 5 * gram[i]);
        WeightInputs reader =
                new WeightInputs("node", "weight", 2, 4, 3, channels, weight, false, 5, gram, new double[8]);
        assertThat(criterion().score(group(), context(reader, outputs)))
                .as("seed %d", seed)
                .containsExactly(expected, within(1e-12));
    }

    @Test
    void channelsThatNothingReadsAreLeftAlone() {
        WeightInputs reader = TestingEvidence.Reader.random(2, 1, 1).inputs();
        assertThat(criterion().scores(group(), context(reader, new double[0]))).isFalse();
        assertThat(criterion().scores(group(), context(reader, new double[9]))).isTrue();
    }

    /** Products of all pairs of some numbers, group by group. */
    private static double[] products(double[] values, int each) {
        double[] products = new double[values.length * each];
        for (int i = 0; i < values.length; i++) {
            for (int j = 0; j < each; j++) {
                products[i * each + j] = values[i] * values[i / each * each + j];
            }
        }
        return products;
    }

    private static TestingChannelGroup group() {
        return new TestingChannelGroup(
                "group",
                2,
                List.of(new TestingParameterAxis(
                        "weight", 0, ParameterRole.CONSUMER, Tensors.floats(Tensors.shape(2, 1), 1, 1))));
    }

    private static TestingScoringContext context(WeightInputs reader, double[] outputs) {
        GroupEvidence<WeightInputs> inputs = group -> List.of(reader);
        OutputGradients gradients = each -> outputs;
        return new TestingScoringContext(
                new TestingRunContext(1),
                Options.none(),
                List.of(group()),
                Map.of(Evidence.WEIGHT_INPUTS, inputs, Evidence.OUTPUT_GRADIENTS, gradients));
    }
}
