package io.espalier.spi.schedule;

import io.espalier.spi.Stability;

/**
 * What a cut would remove of the channels that are there.
 *
 * @param removed for each group of coupled channels whether a channel would go; equal in shape for all choices between two cuts, and
 *     never changed
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.3.0")
public record ChannelChoice(boolean[][] removed) {}
