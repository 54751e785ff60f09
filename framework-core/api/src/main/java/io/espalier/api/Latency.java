package io.espalier.api;

import io.espalier.engine.run.LatencyComparison;
import io.espalier.spi.Stability;

/**
 * Median latencies of both models in their own runtime, measured in turn.
 *
 * @param originalNanos median of the original
 * @param prunedNanos median of the pruned model
 * @param lowRatio pruned through original in neighbouring runs: a quarter of them were below
 * @param highRatio the same: a quarter of them were above
 * @param runs timed runs of each
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public record Latency(long originalNanos, long prunedNanos, double lowRatio, double highRatio, int runs) {

    static Latency of(LatencyComparison latency) {
        return new Latency(
                latency.originalNanos(),
                latency.prunedNanos(),
                latency.lowRatio(),
                latency.highRatio(),
                latency.runs());
    }

    /** Pruned through original; below 1 is faster. */
    public double ratio() {
        return (double) prunedNanos / originalNanos;
    }
}
