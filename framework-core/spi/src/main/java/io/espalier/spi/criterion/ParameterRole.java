package io.espalier.spi.criterion;

import io.espalier.spi.Stability;

/** What an axis of a parameter means to the coupled channel that removes a slice of it. */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public enum ParameterRole {
    /** The weight slice that computes the channel: a filter, a row of a linear layer, the gates of a cell. */
    PRODUCER,
    /** The weight slice that reads the channel: an input column of the next layer. */
    CONSUMER,
    /** A bias added to the channel. */
    BIAS,
    /** The scale of a normalisation ({@code gamma}). */
    NORM_SCALE,
    /** The shift of a normalisation ({@code beta}). */
    NORM_SHIFT,
    /** A running mean or variance; not trained and not counted as a parameter. */
    NORM_STATISTIC,
    /** Any other constant along the channel: a table, a slope, a layer scale. */
    OTHER
}
