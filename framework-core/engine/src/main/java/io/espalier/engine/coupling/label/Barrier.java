package io.espalier.engine.coupling.label;

import io.espalier.spi.graph.Node;

/**
 * A reason why positions cannot be removed.
 *
 * @param operator the operator that forbids it, or {@code output} for a graph output
 * @param node first output of the node, or the name of the graph output
 * @param value the value whose axis is concerned
 * @param axis the axis, -1 when all are concerned
 * @param reason a clause that completes "cannot be removed because ..."
 */
public record Barrier(String operator, String node, String value, int axis, String reason) {

    /** A barrier at an operand of a node. */
    public static Barrier at(Node node, String value, int axis, String reason) {
        return new Barrier(node.qualifiedOperator(), node.id(), value, axis, reason);
    }

    /** A barrier at an input slot of a node. */
    public static Barrier at(Node node, int slot, int axis, String reason) {
        return at(node, node.inputs().get(slot), axis, reason);
    }

    @Override
    public String toString() {
        if (value.isEmpty()) {
            return reason;
        }
        return (axis < 0 ? "'" + value + "'" : "axis " + axis + " of '" + value + "'") + " at " + operator + " '" + node
                + "': " + reason;
    }
}
