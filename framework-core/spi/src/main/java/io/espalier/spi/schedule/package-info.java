/**
 * When a network is pruned during training, and how much of the target each cut has to reach.
 *
 * <p>The way in is {@link io.espalier.spi.schedule.PruningSchedule}: for a training of some length it gives the cuts, each
 * a {@link io.espalier.spi.schedule.PruningStep} with its moment and its share of the way to the target. Whoever trains
 * makes the cuts.
 */
package io.espalier.spi.schedule;
