package io.espalier.spi.regularizer;

import io.espalier.spi.Stability;
import java.util.List;

/**
 * Coupled channels whose slices lie on the same axes of the same weights that are trained.
 *
 * @param name a name for people: the first weight that computes the channels
 * @param slices one for each axis, in the order of the graph; at least one
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.3.0")
public record CoupledGroup(String name, List<CoupledSlices> slices) {

    public CoupledGroup {
        slices = List.copyOf(slices);
    }

    /** Number of coupled channels. */
    public int size() {
        return slices.get(0).elements().length;
    }
}
