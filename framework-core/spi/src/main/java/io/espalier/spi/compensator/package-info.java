/**
 * Recovering weights after the cut, without training.
 *
 * <p>The way in is {@link io.espalier.spi.compensator.WeightCompensator}. Its
 * {@link io.espalier.spi.compensator.CompensationContext} shows the graph before and after the cut, the positions that the
 * cut keeps ({@link io.espalier.spi.compensator.KeptPositions}), calibration data, and what runs graphs; it returns edits of
 * the pruned graph.
 */
package io.espalier.spi.compensator;
