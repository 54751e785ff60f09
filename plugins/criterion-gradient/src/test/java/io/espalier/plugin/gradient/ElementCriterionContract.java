package io.espalier.plugin.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.spi.criterion.Evidence;
import io.espalier.spi.criterion.ParameterRole;
import io.espalier.spi.option.Options;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.TestingParameterAxis;
import io.espalier.testkit.TestingRunContext;
import io.espalier.testkit.TestingScoringContext;
import io.espalier.testkit.contract.CriterionContract;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for criteria that sum over slices what each element is worth. */
abstract class ElementCriterionContract extends CriterionContract {

    /** What is measured for each element. */
    abstract Evidence<Map<String, Tensor>> kind();

    /** What an element is worth. */
    abstract double worth(double weight, double measured);

    /** The loss depends on no parameter of the contract. */
    @Override
    protected Map<Evidence<?>, Object> evidence() {
        return Map.of(kind(), Map.of());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whatElementsAreWorthIsSummedAlongEitherAxis(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] weights = random.doubles(12, -2, 2).toArray();
        double[] measured = random.doubles(12, -2, 2).toArray();
        double[] rows = new double[3];
        double[] columns = new double[4];
        for (int i = 0; i < weights.length; i++) {
            rows[i / 4] += worth((float) weights[i], (float) measured[i]);
            columns[i % 4] += worth((float) weights[i], (float) measured[i]);
        }
        assertThat(scores(matrix(weights), matrix(measured), 0)).containsExactly(rows, within(1e-12));
        assertThat(scores(matrix(weights), matrix(measured), 1)).containsExactly(columns, within(1e-12));
    }

    private static Tensor matrix(double... values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return Tensors.floats(Tensors.shape(3, 4), floats);
    }

    private double[] scores(Tensor weight, Tensor measured, int axis) {
        TestingScoringContext context = new TestingScoringContext(
                new TestingRunContext(1), Options.none(), List.of(), Map.of(kind(), Map.of("weight", measured)));
        return criterion().score(new TestingParameterAxis("weight", axis, ParameterRole.PRODUCER, weight), context);
    }
}
