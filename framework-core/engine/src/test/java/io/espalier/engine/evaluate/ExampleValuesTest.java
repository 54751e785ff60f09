package io.espalier.engine.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.spi.RunContext;
import io.espalier.spi.data.Batch;
import io.espalier.spi.metric.Measurement;
import io.espalier.spi.metric.Metric;
import io.espalier.spi.option.Options;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.TestingRunContext;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The standard error of what one model has lost of another, both measured on the same examples. */
class ExampleValuesTest {

    private static final long SEED = 17;
    private static final int EXAMPLES = 400;

    @Test
    @DisplayName("It is how far losses spread over draws of the examples, and less than that of one accuracy")
    void spread() {
        SplittableRandom random = new SplittableRandom(SEED);
        int draws = 400;
        double squares = 0;
        double errors = 0;
        for (int draw = 0; draw < draws; draw++) {
            float[] before = right(random, new float[EXAMPLES], 0.93, 0.93);
            float[] after = right(random, before, 0.98, 0.2);
            double loss = mean(before) - mean(after) - (0.93 - (0.93 * 0.98 + 0.07 * 0.2));
            squares += loss * loss;
            errors += error(before, after, 100) / draws;
        }

        assertThat(errors).as("seed %d", SEED).isCloseTo(Math.sqrt(squares / draws), within(0.001));
        assertThat(errors).isLessThan(0.85 * Math.sqrt(0.93 * 0.07 / EXAMPLES));
    }

    @Test
    @DisplayName("It does not depend on the batches, and is never 0, not even where no example changes")
    void batches() {
        float[] before = right(new SplittableRandom(SEED), new float[EXAMPLES], 0.9, 0.9);
        float[] after = right(new SplittableRandom(SEED + 1), before, 0.95, 0.5);

        assertThat(error(before, after, 1)).isEqualTo(error(before, after, 64));
        assertThat(error(before, before, 64)).isEqualTo(Math.sqrt(2.0 / (EXAMPLES + 2) / EXAMPLES));
        assertThat(values(before, 64, Judge.MEAN)
                        .leastStandardError(mean(before))
                        .orElseThrow())
                .isEqualTo(error(before, before, 64));
    }

    @Test
    @DisplayName("It is not known of a metric that is no mean of examples")
    void noMean() {
        float[] some = {1, 0, 0, 1};

        ExampleValues values = values(some, 2, Judge.LARGEST);

        assertThat(values.standardErrorOfChange(1, values, 1)).isEmpty();
        assertThat(values.leastStandardError(1)).isEmpty();
    }

    /** Whether examples are right: with one chance where they were before, with another where they were not. */
    private static float[] right(SplittableRandom random, float[] before, double ofRight, double ofWrong) {
        float[] right = new float[before.length];
        for (int i = 0; i < right.length; i++) {
            right[i] = random.nextDouble() < (before[i] == 1 ? ofRight : ofWrong) ? 1 : 0;
        }
        return right;
    }

    private static double error(float[] before, float[] after, int batch) {
        return values(before, batch, Judge.MEAN)
                .standardErrorOfChange(mean(before), values(after, batch, Judge.MEAN), mean(after))
                .orElseThrow();
    }

    private static double mean(float[] values) {
        double sum = 0;
        for (float each : values) {
            sum += each;
        }
        return sum / values.length;
    }

    private static ExampleValues values(float[] right, int size, Judge judge) {
        ExampleValues values = new ExampleValues(new ChosenMetric(judge, Options.none()), new TestingRunContext(SEED));
        for (int from = 0; from < right.length; from += size) {
            float[] part = Arrays.copyOfRange(right, from, Math.min(right.length, from + size));
            Tensor rows = Tensors.floats(List.of((long) part.length, 1L), part);
            values.add(
                    new Batch(new long[part.length], Map.of("x", rows), Map.of("label", rows), Optional.empty()),
                    Map.of("y", rows));
        }
        return values;
    }

    /** Counts a one as right. */
    private enum Judge implements Metric {
        MEAN,
        LARGEST;

        @Override
        public String description() {
            return "Outputs, which are 0 or 1.";
        }

        @Override
        public Unit unit() {
            return Unit.SHARE;
        }

        @Override
        public boolean higherIsBetter(Options options) {
            return true;
        }

        @Override
        public Labels labels() {
            return Labels.NONE;
        }

        @Override
        public Measurement start(Options options, RunContext context) {
            return new Measurement() {

                private double sum;
                private double largest;
                private int count;

                @Override
                public void add(Batch batch, Map<String, Tensor> outputs) {
                    float[] right = Tensors.toFloats(outputs.get("y"));
                    assertThat(right)
                            .hasSize(batch.size())
                            .isEqualTo(Tensors.toFloats(batch.labels().get("label")));
                    for (float each : right) {
                        sum += each;
                        largest = Math.max(largest, each);
                        count++;
                    }
                }

                @Override
                public double value() {
                    return LARGEST == Judge.this ? largest : sum / count;
                }
            };
        }
    }
}
