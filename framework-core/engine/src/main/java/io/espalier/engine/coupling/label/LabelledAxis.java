package io.espalier.engine.coupling.label;

import io.espalier.spi.criterion.ParameterRole;
import java.util.List;

/**
 * Where atoms of a coupled channel live: one labelled index of one parameter.
 *
 * @param use the parameter
 * @param field which of its fields, from 0
 * @param axis the axis the atoms lie on
 * @param extents extents of the labelled index, outermost first; more than one when positions differ from row to row,
 *     as the input channels of a grouped convolution do
 * @param role what the axis means to the channel
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
