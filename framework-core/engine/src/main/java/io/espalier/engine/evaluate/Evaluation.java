package io.espalier.engine.evaluate;

import io.espalier.engine.guard.MetricGuard;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.RunContext;
import io.espalier.spi.data.Batch;
import io.espalier.spi.data.BatchOptions;
import io.espalier.spi.data.Batches;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.metric.Measurement;
import io.espalier.spi.metric.Metric;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What a metric says of a model.
 *
 * @param metric name of the metric, with its options
 * @param unit how the value is to be read
 * @param higherIsBetter whether a larger value means a better model
 * @param value the value on all examples
 * @param examples number of examples
 */
public record Evaluation(String metric, Metric.Unit unit, boolean higherIsBetter, double value, long examples) {

    /** All examples in order. */
    public static final BatchOptions BATCHES = BatchOptions.of(100);

    /** Whether the value is the share of examples whose largest score is their label. */
    public boolean isAccuracy() {
        return metric.equals(MetricChoice.DEFAULT);
    }

    /** Whether the value says that a model is at least as good as another. */
    public boolean isAsGoodAs(Evaluation other) {
        return higherIsBetter ? value >= other.value : value <= other.value;
    }

    /** Measures a model on all examples at once. */
    public static Evaluation measure(
            Runner runner, Batches examples, ChosenMetric chosen, String phase, RunContext context) {
        return measure(runner, examples, chosen, Optional.empty(), phase, context);
    }

    /**
     * Measures a model.
     *
     * @param each takes what the metric says of each example, where that is asked for
     * @throws InvalidInputException when outputs or labels are not what the metric is made for
     */
    public static Evaluation measure(
            Runner runner,
            Batches examples,
            ChosenMetric chosen,
            Optional<ExampleValues> each,
            String phase,
            RunContext context) {
        try (Measurement measurement = new MetricGuard(chosen.metric()).start(chosen.options(), context)) {
            long done = 0;
            for (Batch batch : examples) {
                context.progress(phase, done, examples.examples());
                Map<String, Tensor> outputs = withoutPadding(runner.run(batch.inputs()), batch);
                measurement.add(batch, outputs);
                each.ifPresent(values -> values.add(batch, outputs));
                done += batch.size();
            }
            return new Evaluation(
                    chosen.label(),
                    chosen.metric().unit(),
                    chosen.metric().higherIsBetter(chosen.options()),
                    measurement.value(),
                    done);
        }
    }

    /** What a model gave for the examples of a batch, without what stands in for others where its batch is fixed. */
    public static Map<String, Tensor> withoutPadding(Map<String, Tensor> outputs, Batch batch) {
        long fed = batch.inputs().values().iterator().next().shape().get(0);
        if (fed == batch.size()) {
            return outputs;
        }
        int[] examples = IntStream.range(0, batch.size()).toArray();
        Map<String, Tensor> cut = new LinkedHashMap<>();
        outputs.forEach((name, output) -> {
            boolean byExample = !output.shape().isEmpty() && output.shape().get(0) == fed;
            cut.put(name, byExample ? Tensors.sliced(output, 0, examples) : output);
        });
        return cut;
    }
}
