package io.espalier.metrics;

import io.espalier.events.Evaluations;
import io.espalier.events.v1.Cost;
import io.espalier.events.v1.Evaluated;
import io.espalier.events.v1.LatencyMeasured;
import io.espalier.events.v1.LossReported;
import io.espalier.events.v1.RunFinished;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Gauges of the latest model received; NaN before the first.
 *
 * <p>Of several runs at once they show whichever spoke last: to compare runs, read their events.
 */
final class LastModel {

    private static final double NANOS_PER_SECOND = 1e9;

    private final Map<PruningMeter, Map<String, AtomicReference<Double>>> values = new EnumMap<>(PruningMeter.class);

    LastModel(MeterRegistry registry) {
        for (PruningMeter meter : new PruningMeter[] {
            PruningMeter.MODEL_PARAMETERS, PruningMeter.MODEL_MACS, PruningMeter.MODEL_SIZE, PruningMeter.MODEL_LATENCY
        }) {
            staged(registry, meter, "original", "current");
        }
        staged(registry, PruningMeter.ACCURACY, "original", "cut", "repaired", "trained");
        gauge(registry, PruningMeter.SPARSITY, "");
        gauge(registry, PruningMeter.LOSS, "");
    }

    private void staged(MeterRegistry registry, PruningMeter meter, String... stages) {
        for (String stage : stages) {
            gauge(registry, meter, stage);
        }
    }

    private void gauge(MeterRegistry registry, PruningMeter meter, String stage) {
        AtomicReference<Double> value = new AtomicReference<>(Double.NaN);
        values.computeIfAbsent(meter, each -> new HashMap<>()).put(stage, value);
        Gauge.Builder<AtomicReference<Double>> gauge = Gauge.builder(meter.meterName(), value, AtomicReference::get)
                .description(meter.description())
                .strongReference(true);
        if (!meter.unit().isEmpty()) {
            gauge.baseUnit(meter.unit());
        }
        if (!stage.isEmpty()) {
            gauge.tag("stage", stage);
        }
        gauge.register(registry);
    }

    void finished(RunFinished finished) {
        cost("original", finished.getOriginal());
        cost("current", finished.getPruned());
        double before = finished.getOriginal().getParameters();
        if (before > 0) {
            set(PruningMeter.SPARSITY, "", 1 - finished.getPruned().getParameters() / before);
        }
    }

    private void cost(String stage, Cost cost) {
        set(PruningMeter.MODEL_PARAMETERS, stage, cost.getParameters());
        set(PruningMeter.MODEL_MACS, stage, cost.getMacs());
        set(PruningMeter.MODEL_SIZE, stage, cost.getBytes());
    }

    void timed(LatencyMeasured latency) {
        set(PruningMeter.MODEL_LATENCY, "original", latency.getOriginalMedianNanos() / NANOS_PER_SECOND);
        set(PruningMeter.MODEL_LATENCY, "current", latency.getPrunedMedianNanos() / NANOS_PER_SECOND);
    }

    void evaluated(Evaluated evaluated) {
        if (!Evaluations.isAccuracy(evaluated)) {
            return;
        }
        switch (evaluated.getStage()) {
            case EVALUATION_STAGE_ORIGINAL -> set(PruningMeter.ACCURACY, "original", evaluated.getAccuracy());
            case EVALUATION_STAGE_CUT -> set(PruningMeter.ACCURACY, "cut", evaluated.getAccuracy());
            case EVALUATION_STAGE_REPAIRED -> set(PruningMeter.ACCURACY, "repaired", evaluated.getAccuracy());
            case EVALUATION_STAGE_TRAINED -> set(PruningMeter.ACCURACY, "trained", evaluated.getAccuracy());
            case EVALUATION_STAGE_UNSPECIFIED, UNRECOGNIZED -> {
                // A stage of a newer version has no gauge here.
            }
        }
    }

    void trained(LossReported loss) {
        set(PruningMeter.LOSS, "", loss.getLoss());
    }

    private void set(PruningMeter meter, String stage, double value) {
        values.get(meter).get(stage).set(value);
    }
}
