package io.espalier.plugin.regularizers;

import io.espalier.spi.regularizer.RegularizerStep;

/**
 * Lets what is to be zero become zero over half of what is left of a training, each step by an equal part of where it began, so that the
 * target is met however short the training is.
 */
final class Fading {

    private final long from;
    private final long to;

    /**
     * Begins after a share of the training; with a share of 1 nothing fades.
     *
     * @param earliest the first step after which it may begin, from 1
     */
    Fading(double share, long earliest, long steps) {
        this.from = Math.max(earliest, (long) (share * steps));
        this.to = share < 1 ? Math.min(steps, from + Math.max(1, (steps - from) / 2)) : Long.MAX_VALUE;
    }

    /** The last step before it begins. */
    long from() {
        return from;
    }

    boolean isOver(long updates) {
        return updates >= to;
    }

    /** What is left of a channel after a step: 1 before it begins, and 0 once it is over. */
    double factor(RegularizerStep step) {
        if (isOver(step.number())) {
            return 0;
        }
        double left = to - step.number();
        return step.number() > from ? left / (left + 1) : 1;
    }

    /** Fades a channel, which stays zero once it is. */
    void apply(ZeroGroups zeros, int channel, RegularizerStep step) {
        double factor = factor(step);
        if (factor == 0) {
            zeros.makeZero(channel);
        } else if (factor < 1) {
            zeros.made().scale(channel, factor, step.weights());
        }
    }
}
