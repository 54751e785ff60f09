package io.espalier.plugin.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.spi.criterion.Evidence;
import io.espalier.spi.criterion.ParameterRole;
import io.espalier.spi.criterion.SliceCriterion;
import io.espalier.spi.criterion.SliceFisher;
import io.espalier.spi.option.Options;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.TestingParameterAxis;
import io.espalier.testkit.TestingRunContext;
import io.espalier.testkit.TestingScoringContext;
import io.espalier.testkit.contract.CriterionContract;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FisherCriterionTest extends CriterionContract {

    @Override
    protected SliceCriterion criterion() {
        return new FisherCriterion();
    }

    @Override
    protected Map<Evidence<?>, Object> evidence() {
        SliceFisher random = axis -> new SplittableRandom(axis.parameter().hashCode())
                .doubles(axis.size(), 0, 1)
                .toArray();
        return Map.of(Evidence.SLICE_FISHER, random);
    }

    @Test
    void halfTheInformationIsTheScore() {
        assertThat(score(axis -> new double[] {3, 0.5})).containsExactly(1.5, 0.25);
        assertThat(score(axis -> new double[0])).containsExactly(0, 0);
    }

    private double[] score(SliceFisher evidence) {
        TestingParameterAxis axis = new TestingParameterAxis(
                "weight", 0, ParameterRole.PRODUCER, Tensors.floats(Tensors.shape(2, 1), 1, 1));
        return criterion()
                .score(
                        axis,
                        new TestingScoringContext(
                                new TestingRunContext(1),
                                Options.none(),
                                List.of(),
                                Map.of(Evidence.SLICE_FISHER, evidence)));
    }
}
