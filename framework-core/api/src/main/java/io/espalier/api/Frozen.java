package io.espalier.api;

import io.espalier.spi.Stability;

/**
 * Coupled positions that cannot be removed.
 *
 * @param barrier what forbids it, where and why
 * @param count how many sets of positions that could only be removed together this keeps
 * @param layer the best name of the layer that forbids it; in a plan the node of the barrier
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public record Frozen(Barrier barrier, int count, String layer) {}
