package io.espalier.spi.criterion;

import io.espalier.spi.Stability;

/**
 * What the channels of a group hold in one value, over all examples and positions. The arrays have one element a channel; they
 * are not copied: they are read and not written.
 *
 * @param value name of the value
 * @param means mean
 * @param absoluteMeans mean of the magnitudes
 * @param squareMeans mean of the squares
 * @param zeroShares share of elements that are exactly 0, from 0 to 1
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.3.0")
public record ActivationStatistics(
        String value, double[] means, double[] absoluteMeans, double[] squareMeans, double[] zeroShares) {}
