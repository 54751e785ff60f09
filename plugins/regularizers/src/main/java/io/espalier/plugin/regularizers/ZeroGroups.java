package io.espalier.plugin.regularizers;

import io.espalier.spi.regularizer.RegularizerContext;
import java.util.Map;

/**
 * Zero-invariant groups: what makes a channel, whose zeros make the channel zero. A channel that has become zero stays zero, with
 * what reads it, so that its removal changes nothing, whatever the activation makes of zero.
 */
final class ZeroGroups {

    private final Channels whole;
    private final Channels made;
    private final float[] zero;

    ZeroGroups(RegularizerContext context) {
        this.whole = Channels.whole(context.groups());
        this.made = Channels.made(context.groups());
        this.zero = new float[made.count()];
    }

    Channels made() {
        return made;
    }

    /** For each channel 1 when it is zero for good. */
    float[] marks() {
        return zero;
    }

    boolean isZero(int channel) {
        return zero[channel] != 0;
    }

    void makeZero(int channel) {
        zero[channel] = 1;
    }

    /** Puts back to zero what an update has moved. */
    void hold(Map<String, float[]> weights) {
        for (int channel = 0; channel < zero.length; channel++) {
            if (isZero(channel)) {
                whole.scale(channel, 0, weights);
            }
        }
    }
}
