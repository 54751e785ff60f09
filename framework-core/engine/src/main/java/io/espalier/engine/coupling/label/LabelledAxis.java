package io.espalier.engine.coupling.label;

import io.espalier.spi.criterion.ParameterRole;
import java.util.List;

/**
 * A labelled axis of a parameter: the positions that can be removed from it.
 *
 * @param use the parameter
 * @param map which of the label maps of its layout, from 0
 * @param axis the axis the positions lie on
 * @param extents extents of the labelled index, outermost first; more than one when positions differ from row to row,
 *     as the input channels of a grouped convolution do
 * @param role what the axis is to a channel
 */
public record LabelledAxis(ParameterUse use, int map, int axis, List<Integer> extents, ParameterRole role) {

    public LabelledAxis {
        extents = List.copyOf(extents);
    }

    /** Number of positions. */
    public int size() {
        return extents.stream().reduce(1, Math::multiplyExact);
    }
}
