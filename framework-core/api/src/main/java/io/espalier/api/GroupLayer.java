package io.espalier.api;

import io.espalier.spi.Stability;

/**
 * How a group of coupled channels is shown to people.
 *
 * @param name the best name of the layer that computes its channels: the path of its module or operator, else of its
 *     weights; {@code --ignore} and {@code --only} know it
 * @param channelsPerUnit how many channels of that layer are removed with one coupled channel, on average: more than one for
 *     attention heads and where groups of channels must stay equally wide
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.2.0")
public record GroupLayer(String name, double channelsPerUnit) {}
