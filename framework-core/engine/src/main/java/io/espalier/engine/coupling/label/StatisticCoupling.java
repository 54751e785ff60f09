package io.espalier.engine.coupling.label;

/**
 * An operator that computes a mean or a norm over channels that can be removed: allowed, though the operator computes something else afterwards.
 *
 * @param operator the operator
 * @param node first output of the node
 * @param value the operand
 * @param axis the axis the statistic is computed along
 */
public record StatisticCoupling(String operator, String node, String value, int axis) {}
