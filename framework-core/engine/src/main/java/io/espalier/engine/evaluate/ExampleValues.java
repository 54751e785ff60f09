package io.espalier.engine.evaluate;

import io.espalier.engine.guard.MetricGuard;
import io.espalier.spi.RunContext;
import io.espalier.spi.data.Batch;
import io.espalier.spi.metric.Measurement;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What a metric says of a model on each example alone. Two models that were measured on the same examples differ by less than two that
 * were measured on others: most examples are right, or wrong, for both. Not thread-safe.
 */
public final class ExampleValues {

    /** Sums of shares are exact but for the last bits. */
    private static final double LAST_BITS = 1e-9;

    private final ChosenMetric chosen;
    private final RunContext context;
    private double[] values = new double[256];
    private int count;

    public ExampleValues(ChosenMetric chosen, RunContext context) {
        this.chosen = chosen;
        this.context = context;
    }

    /** Takes the examples of a batch, in the order of the data. */
    void add(Batch batch, Map<String, Tensor> outputs) {
        MetricGuard metric = new MetricGuard(chosen.metric());
        for (int i = 0; i < batch.size(); i++) {
            try (Measurement measurement = metric.start(chosen.options(), context)) {
                measurement.add(alone(batch, i), alone(outputs, i, batch.size()));
                take(measurement.value());
            }
        }
    }

    private void take(double value) {
        if (count == values.length) {
            values = Arrays.copyOf(values, 2 * count);
        }
        values[count++] = value;
    }

    private static Batch alone(Batch batch, int example) {
        int fed = Math.toIntExact(
                batch.inputs().values().iterator().next().shape().get(0));
        return new Batch(
                new long[] {batch.rows()[example]},
                alone(batch.inputs(), example, fed),
                alone(batch.labels(), example, batch.size()),
                batch.classes().map(classes -> new long[] {classes[example]}));
    }

    /** Of each tensor that has a row for each example, its row. */
    private static Map<String, Tensor> alone(Map<String, Tensor> tensors, int example, int rows) {
        Map<String, Tensor> alone = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> {
            boolean isByExample = !tensor.shape().isEmpty() && tensor.shape().get(0) == rows;
            alone.put(name, isByExample ? Tensors.sliced(tensor, 0, new int[] {example}) : tensor);
        });
        return alone;
    }

    /**
     * The standard error of what another model, measured on the same examples, has more or less; empty where the metric is no mean of
     * examples.
     *
     * @param value what the metric says of this model on all examples
     * @param other the other model
     * @param otherValue what the metric says of it on all examples
     */
    public OptionalDouble standardErrorOfChange(double value, ExampleValues other, double otherValue) {
        if (!hasMean(value) || !other.hasMean(otherValue) || count != other.count) {
            return OptionalDouble.empty();
        }
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < count; i++) {
            double change = other.values[i] - values[i];
            sum += change;
            squares += change * change;
        }
        return OptionalDouble.of(standardError(sum, squares, count));
    }

    private boolean hasMean(double value) {
        return count > 0 && Math.abs(Arrays.stream(values, 0, count).sum() / count - value) <= LAST_BITS;
    }

    /** The smallest standard error of a change, which is that of no example that changes; empty where the metric is no mean. */
    public OptionalDouble leastStandardError(double value) {
        return hasMean(value) ? OptionalDouble.of(standardError(0, 0, count)) : OptionalDouble.empty();
    }

    /** Never 0: as if one example more had been lost, and one had been won. */
    private static double standardError(double sum, double squares, int count) {
        double mean = sum / (count + 2);
        return Math.sqrt(((squares + 2) / (count + 2) - mean * mean) / count);
    }
}
