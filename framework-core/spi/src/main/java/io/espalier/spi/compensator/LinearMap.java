package io.espalier.spi.compensator;

import io.espalier.spi.Stability;

/**
 * A weight and what is added to what it gives. The arrays are not copied: they are read and not written.
 *
 * @param weight elements by group, output and input
 * @param bias elements by group and output; 0 where nothing is added
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.3.0")
public record LinearMap(double[] weight, double[] bias) {}
