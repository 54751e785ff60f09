package io.espalier.engine.run;

import io.espalier.events.Events;
import io.espalier.events.v1.TrialEnded;
import io.espalier.events.v1.TrialLatency;

/** Tells of each network that is cut and timed to meet a latency. Not thread-safe. */
final class TimedTrials {

    /** How often a network is cut and timed at most, in each way to choose channels. */
    static final int MOST = 6;

    private final Events events;
    private final int most;
    private int ended;

    /**
     * Trials that begin now.
     *
     * @param ways how many ways there are to choose channels
     */
    TimedTrials(Events events, int ways) {
        this.events = events;
        this.most = ways * MOST;
    }

    /**
     * A network was timed.
     *
     * @param way how it was decided
     * @param original nanoseconds that a run of the original takes
     * @param measured nanoseconds that a run of the cut network takes
     * @param isMet whether that is short enough
     */
    void ended(Decision way, Decided decided, long original, long measured, boolean isMet) {
        ended++;
        events.emit(TrialEnded.newBuilder()
                .setNumber(ended)
                .setMost(most)
                .setTarget(way.target().text())
                .setReached(true)
                .setCost(AnalysisMessages.cost(decided.plan().predicted()))
                .setKeeps(isMet)
                .setLatency(TrialLatency.newBuilder()
                        .setOriginalNanos(original)
                        .setPredictedNanos(decided.reached())
                        .setMeasuredNanos(measured))
                .setWay(words(way))
                .build());
    }

    private static String words(Decision way) {
        int blocks = way.depth().blocks();
        return way.way() + (blocks == 0 ? "" : " without " + blocks + " residual blocks");
    }
}
