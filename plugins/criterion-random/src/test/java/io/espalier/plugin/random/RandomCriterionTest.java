package io.espalier.plugin.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.spi.criterion.ParameterRole;
import io.espalier.spi.criterion.SliceCriterion;
import io.espalier.spi.option.Options;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.TestingParameterAxis;
import io.espalier.testkit.TestingRunContext;
import io.espalier.testkit.TestingScoringContext;
import io.espalier.testkit.contract.CriterionContract;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RandomCriterionTest extends CriterionContract {

    private static final TestingParameterAxis WEIGHT = new TestingParameterAxis(
            "weight", 0, ParameterRole.PRODUCER, Tensors.floats(Tensors.shape(100, 100), new float[10000]));

    @Override
    protected SliceCriterion criterion() {
        return new RandomCriterion();
    }

    @Test
    void scoresLookUniform() {
        TestingParameterAxis wide = new TestingParameterAxis(
                "wide", 0, ParameterRole.PRODUCER, Tensors.floats(Tensors.shape(20000), new float[20000]));
        double[] scores = score(wide);
        assertThat(Arrays.stream(scores)).allMatch(score -> score >= 0 && score < 1);
        assertThat(Arrays.stream(scores).average().orElseThrow()).isEqualTo(0.5, within(0.02));
        assertThat(Arrays.stream(scores).filter(score -> score < 0.1).count() / 20000.0)
                .isEqualTo(0.1, within(0.02));
    }

    @Test
    void seedNameAndAxisEachChangeTheScores() {
        double[] scores = seeded(1, WEIGHT);
        assertThat(seeded(1, WEIGHT)).isEqualTo(scores);
        assertThat(seeded(2, WEIGHT)).isNotEqualTo(scores);
        assertThat(seeded(1, WEIGHT.named("other"))).isNotEqualTo(scores);
        assertThat(seeded(1, WEIGHT.along(1))).isNotEqualTo(scores);
    }

    @Test
    void onlyProducersTakePart() {
        for (ParameterRole role : ParameterRole.values()) {
            assertThat(criterion().scores(role)).isEqualTo(role == ParameterRole.PRODUCER);
        }
    }

    private double[] seeded(long seed, TestingParameterAxis axis) {
        return criterion().score(axis, new TestingScoringContext(new TestingRunContext(seed), Options.none()));
    }
}
