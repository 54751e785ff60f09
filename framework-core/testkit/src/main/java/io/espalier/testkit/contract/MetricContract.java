package io.espalier.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.spi.data.Batch;
import io.espalier.spi.metric.Measurement;
import io.espalier.spi.metric.Metric;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.TestingRunContext;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a {@link Metric} owes its readers: a number that depends on examples, not on batches, and a direction. */
public abstract class MetricContract extends ProviderContract<Metric> {

    private static final int SEEDS = 50;
    private static final int MOST_EXAMPLES = 30;

    protected MetricContract() {
        super(Metric.class);
    }

    /** A new instance of the metric under test. */
    protected abstract Metric metric();

    /** Labelled examples; inputs are not looked at. */
    protected abstract Batch labelled(int examples, Random random);

    /** Outputs of a model that knows nothing about the labels, one row an example. */
    protected abstract Map<String, Tensor> guesses(Batch batch, Random random);

    /** Outputs of a model that is always right. */
    protected abstract Map<String, Tensor> truth(Batch batch);

    @Override
    protected final Metric provider() {
        return metric();
    }

    /** The value for examples in batches of a size. */
    protected final double measure(Batch batch, Map<String, Tensor> outputs, int size) {
        try (Measurement measurement = metric().start(options(), new TestingRunContext(0))) {
            for (int start = 0; start < batch.size(); start += size) {
                int[] rows = IntStream.range(start, Math.min(start + size, batch.size()))
                        .toArray();
                measurement.add(part(batch, rows), part(outputs, rows));
            }
            return measurement.value();
        }
    }

    private static Batch part(Batch batch, int[] rows) {
        return new Batch(
                Arrays.stream(rows).mapToLong(row -> batch.rows()[row]).toArray(),
                part(batch.inputs(), rows),
                part(batch.labels(), rows),
                batch.classes()
                        .map(classes -> Arrays.stream(rows)
                                .mapToLong(row -> classes[row])
                                .toArray()));
    }

    private static Map<String, Tensor> part(Map<String, Tensor> tensors, int[] rows) {
        Map<String, Tensor> parts = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> parts.put(name, Tensors.sliced(tensor, 0, rows)));
        return parts;
    }

    @Test
    void theValueDependsOnExamplesNotOnBatches() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            Batch batch = labelled(1 + random.nextInt(MOST_EXAMPLES), random);
            Map<String, Tensor> outputs = guesses(batch, random);
            double whole = measure(batch, outputs, batch.size());
            assertThat(whole).as("seed %d", seed).isFinite();
            if (metric().unit() == Metric.Unit.SHARE) {
                assertThat(whole).as("seed %d", seed).isBetween(0.0, 1.0);
            }
            for (int size : new int[] {1, 2, 7}) {
                assertThat(measure(batch, outputs, size))
                        .as("seed %d, batches of %d", seed, size)
                        .isCloseTo(whole, within(1e-6 * Math.max(1, Math.abs(whole))));
            }
        }
    }

    @Test
    void noGuessIsBetterThanTheTruthAndSomeAreWorse() {
        double sign = metric().higherIsBetter(options()) ? 1 : -1;
        boolean worse = false;
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            Batch batch = labelled(1 + random.nextInt(MOST_EXAMPLES), random);
            double best = sign * measure(batch, truth(batch), batch.size());
            double guessed = sign * measure(batch, guesses(batch, random), batch.size());
            assertThat(guessed).as("seed %d", seed).isLessThanOrEqualTo(best);
            worse |= guessed < best;
        }
        assertThat(worse).isTrue();
    }

    @Test
    void measurementsKnowNothingOfEachOther() {
        Random random = new Random(1);
        Batch batch = labelled(5, random);
        Batch other = labelled(5, random);
        Map<String, Tensor> outputs = guesses(batch, random);
        Metric metric = metric();
        TestingRunContext context = new TestingRunContext(0);
        try (Measurement first = metric.start(options(), context);
                Measurement second = metric.start(options(), context)) {
            first.add(batch, outputs);
            second.add(other, guesses(other, random));
            assertThat(first.value()).isEqualTo(measure(batch, outputs, batch.size()));
        }
    }
}
