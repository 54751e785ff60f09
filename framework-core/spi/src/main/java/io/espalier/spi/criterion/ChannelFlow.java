package io.espalier.spi.criterion;

import io.espalier.spi.Stability;

/**
 * How much of what leaves a network without signs depends on the channels of a group in one value: the sum of the gradients of its loss
 * by the elements of each channel. The array is not copied: it is read and not written.
 *
 * @param value name of the value
 * @param gradients one sum a channel, up to one factor for all values of the network
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.3.0")
public record ChannelFlow(String value, double[] gradients) {}
