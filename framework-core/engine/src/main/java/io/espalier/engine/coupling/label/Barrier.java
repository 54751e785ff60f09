package io.espalier.engine.coupling.label;

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

    @Override
    public String toString() {
        if (value.isEmpty()) {
            return reason;
        }
        return (axis < 0 ? "'" + value + "'" : "axis " + axis + " of '" + value + "'") + " at " + operator + " '" + node
                + "': " + reason;
    }
}
