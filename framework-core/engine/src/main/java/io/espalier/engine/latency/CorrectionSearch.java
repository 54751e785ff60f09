package io.espalier.engine.latency;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Finds how predicted savings are to be corrected so that what is decided by them takes as long as it should. With a smaller correction
 * more is cut. The first corrections make the prediction what was measured; once one cut is too slow and another too fast, the next lies
 * between them (regula falsi, kept off the ends). Not thread-safe.
 *
 * @param <T> what is decided
 */
public final class CorrectionSearch<T> {

    /** How far the time may be above the goal: medians of alternating runs vary by as much. */
    private static final double ABOVE = 1.01;
    /** How far below it another decision is worth its time. */
    private static final double BELOW = 0.97;

    /** How far above the goal what was found is no answer. */
    private static final double MISSED = 1.05;

    private static final double LARGEST = 8;
    private static final double EDGE = 0.15;

    private final double goal;
    private final List<Tried<T>> tried = new ArrayList<>();
    private double correction;

    private record Tried<T>(T decided, double correction, double share) {}

    /**
     * A search.
     *
     * @param goal the share of the original's time that is to be left
     * @param correction the first correction
     */
    public CorrectionSearch(double goal, double correction) {
        this.goal = goal;
        this.correction = correction;
    }

    /**
     * Adds what was decided with the present correction, and finds the next one.
     *
     * @param predicted the share of the original's time that was predicted
     * @param share the share that was measured
     */
    public void add(T decided, double predicted, double share) {
        tried.add(new Tried<>(decided, correction, share));
        correction = Math.max(1 / LARGEST, Math.min(LARGEST, next(predicted, share)));
    }

    private double next(double predicted, double share) {
        Tried<T> slow = null;
        Tried<T> fast = null;
        for (Tried<T> each : tried) {
            if (each.share() > goal) {
                slow = slow == null || each.correction() < slow.correction() ? each : slow;
            } else {
                fast = fast == null || each.correction() > fast.correction() ? each : fast;
            }
        }
        if (slow == null || fast == null || slow.correction() <= fast.correction()) {
            return corrected(correction, predicted, share).orElse(correction / 2);
        }
        double part = (goal - fast.share()) / (slow.share() - fast.share());
        double inside = Math.max(EDGE, Math.min(1 - EDGE, part));
        return fast.correction() + inside * (slow.correction() - fast.correction());
    }

    /**
     * The correction with which a prediction is what was measured; empty where one of the two saves nothing.
     *
     * @param correction that of the prediction
     * @param predicted the share of the time that was predicted
     * @param share the share that was measured
     */
    public static OptionalDouble corrected(double correction, double predicted, double share) {
        return predicted < 1 && share < 1
                ? OptionalDouble.of(correction * (1 - share) / (1 - predicted))
                : OptionalDouble.empty();
    }

    /** The next correction. */
    public double correction() {
        return correction;
    }

    /** Whether what was decided takes about as long as it should, or has nothing to save. */
    public boolean isNear() {
        double share = bestTried().share();
        return isMet(share) && (share >= goal * BELOW || goal >= 1);
    }

    /** Whether something that was decided is fast enough. */
    public boolean isMet() {
        return isMet(bestTried().share());
    }

    /** Whether a share of the original's time is small enough. */
    public boolean isMet(double share) {
        return share <= goal * ABOVE;
    }

    /** Whether all that was decided takes clearly longer than it should. */
    public boolean isMissed() {
        return bestTried().share() > goal * MISSED;
    }

    /** The share of the original's time that the best takes. */
    public double bestShare() {
        return bestTried().share();
    }

    /** Of what is fast enough, what cuts least; the fastest, where nothing is. */
    public T best() {
        return bestTried().decided();
    }

    /** The correction with which the best was decided. */
    public double bestCorrection() {
        return bestTried().correction();
    }

    private Tried<T> bestTried() {
        Tried<T> best = tried.get(0);
        for (Tried<T> each : tried) {
            best = isBetter(each, best) ? each : best;
        }
        return best;
    }

    private boolean isBetter(Tried<T> one, Tried<T> other) {
        boolean meets = isMet(one.share());
        boolean otherMeets = isMet(other.share());
        return meets == otherMeets ? meets == one.share() > other.share() && one.share() != other.share() : meets;
    }
}
