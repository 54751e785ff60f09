package io.espalier.plugin.reconstruction;

import io.espalier.spi.RunContext;
import java.util.function.IntToDoubleFunction;

/**
 * Greedy selection, one channel after the other, as scores. A channel scores what its selection gains, given those selected before it;
 * never less than those selected after it, so that ranking by score repeats the order.
 */
final class SelectionOrder {

    private SelectionOrder() {}

    /**
     * Selects all channels.
     *
     * @param promise how much the selection of a channel promises now; of equals the first is taken
     * @param select selects a channel and returns what that has gained
     */
    static double[] scores(int channels, RunContext context, IntToDoubleFunction promise, IntToDoubleFunction select) {
        int[] order = new int[channels];
        double[] gains = new double[channels];
        boolean[] selected = new boolean[channels];
        for (int step = 0; step < channels; step++) {
            context.checkCancelled();
            int next = -1;
            double best = Double.NEGATIVE_INFINITY;
            for (int channel = 0; channel < channels; channel++) {
                double promised = selected[channel] ? Double.NEGATIVE_INFINITY : promise.applyAsDouble(channel);
                if (promised > best) {
                    next = channel;
                    best = promised;
                }
            }
            order[step] = next;
            gains[next] = select.applyAsDouble(next);
            selected[next] = true;
        }
        for (int step = channels - 2; step >= 0; step--) {
            gains[order[step]] = Math.max(gains[order[step]], gains[order[step + 1]]);
        }
        return gains;
    }
}
