package io.espalier.spi.criterion;

import io.espalier.spi.Stability;
import java.util.List;

/**
 * Coupled channels whose slices lie on the same axes of the same parameters. A coupled channel is the smallest set of
 * slices that can only be removed together. Thread-safe.
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.2.0")
public interface ChannelGroup {

    /** A name for people: the first weight that computes the channels. */
    String name();

    /** Number of coupled channels. */
    int size();

    /** The axes of parameters that the channels lie on, with their roles, in the order of the graph. */
    List<ParameterAxis> axes();

    /**
     * The slices of one axis that a channel removes, in ascending order; at least one.
     *
     * @param channel from 0 to {@link #size()}, excluded
     * @param axis index into {@link #axes()}
     */
    int[] slices(int channel, int axis);
}
