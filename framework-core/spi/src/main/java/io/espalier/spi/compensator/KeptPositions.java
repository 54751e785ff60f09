package io.espalier.spi.compensator;

import io.espalier.spi.Stability;
import java.util.Optional;

/** Which positions along the axes of the original a cut keeps. Thread-safe. */
@Stability(value = Stability.Level.EVOLVING, since = "0.2.0")
public interface KeptPositions {

    /**
     * The positions of one axis of a computed value, an input or a constant that all of its readers share.
     *
     * @param value a name in the original graph
     * @return the positions that are kept, in ascending order; empty when nothing is known of the value, when the extent
     *     of the axis is not a number, or when other positions are kept here than there along the other axes
     */
    Optional<int[]> ofValue(String value, int axis);

    /**
     * The positions of one axis of what a node reads. Differs from {@link #ofValue} for a constant of which every reader
     * keeps something else.
     *
     * @param node first output of the node
     * @param slot the input, from 0
     * @return as {@link #ofValue}
     */
    Optional<int[]> ofInput(String node, int slot, int axis);
}
