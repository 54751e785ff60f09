package io.espalier.plugin.reconstruction;

import io.espalier.spi.RunContext;
import java.util.Arrays;
import java.util.function.IntConsumer;
import java.util.function.IntToDoubleFunction;

/**
 * Greedy removal, one channel after the other, as scores. A channel scores what its removal adds to the error, given those
 * removed before it; never less than they do, so that ranking by score repeats the order. Within a group the scores of the
 * removed channels then add up to at least the error of removing them together, and between groups a target takes the cheapest
 * next removal.
 */
final class RemovalOrder {

    private RemovalOrder() {}

    /**
     * Removes all channels.
     *
     * @param cost what the removal of a channel would add now
     * @param remove is told which channel is removed
     */
    static double[] scores(int channels, RunContext context, IntToDoubleFunction cost, IntConsumer remove) {
        double[] scores = new double[channels];
        boolean[] removed = new boolean[channels];
        double highest = 0;
        for (int step = 0; step < channels; step++) {
            context.checkCancelled();
            double[] costs = new double[channels];
            Arrays.setAll(costs, channel -> removed[channel] ? Double.POSITIVE_INFINITY : cost.applyAsDouble(channel));
            int next = cheapest(costs, removed);
            highest = Math.max(highest, costs[next]);
            scores[next] = highest;
            removed[next] = true;
            remove.accept(next);
        }
        return scores;
    }

    /** The cheapest; of equals the last, because the lower index is kept. */
    private static int cheapest(double[] costs, boolean... removed) {
        int cheapest = -1;
        for (int channel = 0; channel < costs.length; channel++) {
            if (!removed[channel] && (cheapest < 0 || costs[channel] <= costs[cheapest])) {
                cheapest = channel;
            }
        }
        return cheapest;
    }
}
