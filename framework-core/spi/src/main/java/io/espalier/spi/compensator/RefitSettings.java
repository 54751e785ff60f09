package io.espalier.spi.compensator;

import io.espalier.spi.Stability;

/**
 * How weights are fitted one after the other.
 *
 * @param rows how many samples of each example are used for each weight, at most, such as positions of a convolution; 0
 *     uses all
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.3.0")
public record RefitSettings(int rows) {

    /** All samples. */
    public static final RefitSettings DEFAULT = new RefitSettings(0);

    public RefitSettings {
        if (rows < 0) {
            throw new IllegalArgumentException("rows of each example cannot be " + rows);
        }
    }
}
