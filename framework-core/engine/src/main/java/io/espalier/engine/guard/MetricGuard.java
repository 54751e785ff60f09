package io.espalier.engine.guard;

import io.espalier.spi.RunContext;
import io.espalier.spi.data.Batch;
import io.espalier.spi.metric.Measurement;
import io.espalier.spi.metric.Metric;
import io.espalier.spi.option.Options;
import io.espalier.spi.tensor.Tensor;
import java.util.Map;

/** Calls a metric. Thread-safe; what it starts is not. */
public final class MetricGuard {

    private final Metric metric;
    private final ProviderGuard guard;

    public MetricGuard(Metric metric) {
        this.metric = metric;
        this.guard = new ProviderGuard(metric);
    }

    /** Begins to judge one model. */
    public Measurement start(Options options, RunContext context) {
        return new GuardedMeasurement(guard.call("start", () -> metric.start(options, context)));
    }

    private final class GuardedMeasurement implements Measurement {

        private final Measurement measurement;

        GuardedMeasurement(Measurement measurement) {
            this.measurement = measurement;
        }

        @Override
        public void add(Batch batch, Map<String, Tensor> outputs) {
            guard.run("add", () -> measurement.add(batch, outputs));
        }

        @Override
        public double value() {
            return guard.call("value", measurement::value);
        }

        @Override
        public void close() {
            guard.run("close", measurement::close);
        }
    }
}
