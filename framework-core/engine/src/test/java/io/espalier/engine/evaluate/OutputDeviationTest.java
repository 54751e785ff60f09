package io.espalier.engine.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class OutputDeviationTest {

    private static final int EXAMPLES = 12;
    private static final int ELEMENTS = 5;

    private static float[] random(long seed) {
        Random random = new Random(seed);
        float[] values = new float[EXAMPLES * ELEMENTS];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (10 * (i % ELEMENTS) + random.nextGaussian());
        }
        return values;
    }

    private static float[] changed(float[] values, DoubleUnaryOperator change) {
        float[] changed = values.clone();
        for (int i = 0; i < changed.length; i++) {
            changed[i] = (float) change.applyAsDouble(values[i]);
        }
        return changed;
    }

    private static double deviation(int batches, float[] wanted, float[] found) {
        OutputDeviation deviation = new OutputDeviation();
        int rows = EXAMPLES / batches;
        for (int batch = 0; batch < batches; batch++) {
            deviation.add(outputs(wanted, batch * rows, rows), outputs(found, batch * rows, rows));
        }
        return deviation.value();
    }

    private static Map<String, Tensor> outputs(float[] values, int first, int rows) {
        float[] part = Arrays.copyOfRange(values, first * ELEMENTS, (first + rows) * ELEMENTS);
        return Map.of("y", Tensors.floats(Tensors.shape(rows, ELEMENTS), part));
    }

    @Test
    @DisplayName("Scale and shift do not count, and what has nothing to do with the outputs explains nothing")
    void bounds() {
        for (long seed = 0; seed < 20; seed++) {
            float[] wanted = random(seed);

            assertThat(deviation(1, wanted, wanted)).as("seed %d", seed).isCloseTo(0, within(1e-9));
            assertThat(deviation(1, wanted, changed(wanted, each -> 3 * each + 2)))
                    .as("seed %d", seed)
                    .isCloseTo(0, within(1e-6));
            assertThat(deviation(1, wanted, random(seed + 1000)))
                    .as("seed %d", seed)
                    .isBetween(0.7, 1.0);
            assertThat(deviation(1, wanted, changed(wanted, each -> -each)))
                    .as("seed %d", seed)
                    .isEqualTo(1);
        }
    }

    @Test
    @DisplayName("More noise deviates more, however the examples are divided into batches")
    void noise() {
        for (long seed = 0; seed < 20; seed++) {
            float[] wanted = random(seed);
            Random random = new Random(seed + 500);
            float[] noise = changed(wanted, each -> random.nextGaussian());
            double last = 0;
            for (double strength : new double[] {0.1, 0.5, 2}) {
                float[] found = wanted.clone();
                for (int i = 0; i < found.length; i++) {
                    found[i] += (float) (strength * noise[i]);
                }
                double deviation = deviation(1, wanted, found);
                assertThat(deviation).as("seed %d", seed).isGreaterThan(last);
                assertThat(deviation(4, wanted, found)).as("seed %d", seed).isCloseTo(deviation, within(1e-9));
                last = deviation;
            }
        }
    }

    @Test
    @DisplayName("What is not finite deviates wholly; outputs that do not vary say nothing")
    void nothingToCompare() {
        float[] wanted = random(1);

        assertThat(deviation(1, wanted, changed(wanted, each -> Double.NaN))).isEqualTo(1);
        assertThat(deviation(1, wanted, changed(wanted, each -> 7))).isEqualTo(1);
        assertThat(deviation(1, changed(wanted, each -> 7), wanted)).isNaN();
        assertThat(new OutputDeviation().value()).isNaN();
    }
}
