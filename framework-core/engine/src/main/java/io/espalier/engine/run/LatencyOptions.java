package io.espalier.engine.run;

/**
 * How latency is measured.
 *
 * @param warmUp runs of each model before the clock counts
 * @param runs timed runs of each model, at least 1
 * @param seconds no new run begins after this many seconds, once each model was timed
 */
public record LatencyOptions(int warmUp, int runs, double seconds) {

    /** Five runs to warm up, fifty that count, ten seconds at most. */
    public static final LatencyOptions DEFAULT = new LatencyOptions(5, 50, 10);

    public LatencyOptions {
        if (warmUp < 0 || runs < 1 || !(seconds > 0)) {
            throw new IllegalArgumentException("latency needs at least one run and some time");
        }
    }
}
