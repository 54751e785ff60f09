package io.espalier.api;

import io.espalier.engine.run.LatencyComparison;
import io.espalier.spi.Stability;

/**
 * Median latencies of both models in their own runtime, measured in turn.
 *
 * @param originalNanos median of the original
 * @param prunedNanos median of the pruned model
 * @param runs timed runs of each
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public record Latency(long originalNanos, long prunedNanos, int runs) {

    static Latency of(LatencyComparison latency) {
        return new Latency(latency.originalNanos(), latency.prunedNanos(), latency.runs());
    }

    /** Pruned through original; below 1 is faster. */
    public double ratio() {
        return (double) prunedNanos / originalNanos;
    }
}
