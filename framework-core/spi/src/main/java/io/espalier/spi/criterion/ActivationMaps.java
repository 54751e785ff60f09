package io.espalier.spi.criterion;

import io.espalier.spi.Stability;
import java.util.List;

/**
 * The elements of the channels of a group in one value, for some examples: feature maps, where the value is the output of a
 * convolution. An example is a position of the first axis, unless that holds the channels.
 *
 * @param value name of the value
 * @param columns columns of a map: the extent of the last axis that holds neither examples nor channels, 1 without one
 * @param maps for each example and each channel, its elements row by row; the arrays are not copied: they are read and not
 *     written
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.3.0")
public record ActivationMaps(String value, int columns, List<float[][]> maps) {

    public ActivationMaps {
        maps = List.copyOf(maps);
    }
}
