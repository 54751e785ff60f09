package io.espalier.spi.regularizer;

import io.espalier.spi.Stability;
import io.espalier.spi.criterion.ParameterRole;

/**
 * What the channels of a group remove of one weight.
 *
 * @param weight the name of the weight
 * @param role what its slices are to the channels
 * @param elements for each channel the indices of its elements in the array of the weight, in ascending order; never changed. An
 *     element that a channel holds on two axes of a weight is named once; two channels may share one, as the output of one and
 *     the input of the other.
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.3.0")
public record CoupledSlices(String weight, ParameterRole role, int[][] elements) {}
