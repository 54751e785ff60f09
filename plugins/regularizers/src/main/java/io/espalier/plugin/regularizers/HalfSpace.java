package io.espalier.plugin.regularizers;

import io.espalier.spi.regularizer.RegularizerStep;
import java.util.Map;

/** The step of the half-space methods: a channel that would leave the half-space of where it was becomes zero. */
final class HalfSpace {

    private HalfSpace() {}

    /**
     * Pulls a channel, and says whether it becomes zero: when the product of where it was and where it would be is less than a share
     * of the square of where it was.
     *
     * @param pull the length by which it is drawn along where it was
     */
    static boolean step(Channels channels, int channel, RegularizerStep step, double pull, double share) {
        Map<String, float[]> before = step.previous();
        double squares = channels.dot(channel, before, before);
        if (squares == 0) {
            return false;
        }
        channels.add(channel, -pull / Math.sqrt(squares), before, step.weights());
        return channels.dot(channel, step.weights(), before) < share * squares;
    }
}
