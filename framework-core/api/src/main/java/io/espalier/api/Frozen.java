package io.espalier.api;

import io.espalier.spi.Stability;

/**
 * Coupled positions that cannot be removed.
 *
 * @param barrier what forbids it, where and why
 * @param count how many sets of positions that could only be removed together this keeps
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public record Frozen(Barrier barrier, int count) {}
