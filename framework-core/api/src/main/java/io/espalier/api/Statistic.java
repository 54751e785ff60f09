package io.espalier.api;

import io.espalier.spi.Stability;

/**
 * An operator that computes a mean or a norm over channels that may be removed: allowed, and it sees fewer of them.
 *
 * @param operator the operator
 * @param node first output of the node
 * @param value the operand
 * @param axis the axis the statistic is computed along
 * @param layer the best name of its layer; in a plan its node
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public record Statistic(String operator, String node, String value, int axis, String layer) {}
