package io.espalier.training;

import io.espalier.engine.evaluate.ChosenMetric;
import io.espalier.engine.evaluate.Evaluation;
import io.espalier.engine.guard.MetricGuard;
import io.espalier.spi.RunContext;
import io.espalier.spi.data.Batch;
import io.espalier.spi.metric.Measurement;
import io.espalier.spi.tensor.Tensor;
import java.util.Map;
import java.util.Optional;

/** What a metric says of a model while it is trained. Not thread-safe. */
final class Judgement implements AutoCloseable {

    private final Optional<ChosenMetric> metric;
    private final Optional<Measurement> measurement;
    private long examples;

    Judgement(Optional<ChosenMetric> metric, RunContext context) {
        this.metric = metric;
        this.measurement = metric.map(chosen -> new MetricGuard(chosen.metric()).start(chosen.options(), context));
    }

    /** Takes in what the model computed for a batch. */
    void add(Batch batch, Map<String, Tensor> outputs) {
        measurement.ifPresent(each -> each.add(batch, Evaluation.withoutPadding(outputs, batch)));
        examples += batch.size();
    }

    /** What the metric says of all batches; empty without a metric. */
    Optional<Evaluation> evaluation() {
        return measurement.map(each -> {
            ChosenMetric chosen = metric.orElseThrow();
            return new Evaluation(
                    chosen.label(),
                    chosen.metric().unit(),
                    chosen.metric().higherIsBetter(chosen.options()),
                    each.value(),
                    examples);
        });
    }

    @Override
    public void close() {
        measurement.ifPresent(Measurement::close);
    }
}
