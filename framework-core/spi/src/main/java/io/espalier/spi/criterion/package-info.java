/**
 * Importance criteria: which channels matter.
 *
 * <p>The way in is {@link io.espalier.spi.criterion.SliceCriterion}: one method that scores the slices of a
 * {@link io.espalier.spi.criterion.ParameterAxis}, a parameter seen along one of its axes. A
 * {@link io.espalier.spi.criterion.ChannelCriterion} scores the coupled channels of a
 * {@link io.espalier.spi.criterion.ChannelGroup} instead. Both get a
 * {@link io.espalier.spi.criterion.ScoringContext} with the graph, the options and the
 * {@link io.espalier.spi.criterion.Evidence} they declared.
 */
package io.espalier.spi.criterion;
