package io.espalier.api;

import io.espalier.engine.layer.FileNames;
import io.espalier.spi.Stability;

/**
 * Why something cannot be removed.
 *
 * @param operator the operator that forbids it, or {@code output} for an output of the model
 * @param node first output of the node, or the name of the output
 * @param value the value whose axis is concerned
 * @param axis the axis, -1 when all are concerned
 * @param reason a clause that completes "cannot be removed because ..."
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public record Barrier(String operator, String node, String value, int axis, String reason) {

    static Barrier of(io.espalier.engine.coupling.label.Barrier barrier) {
        return new Barrier(barrier.operator(), barrier.node(), barrier.value(), barrier.axis(), barrier.reason());
    }

    /** The barrier in the names of the file. */
    static Barrier of(io.espalier.engine.coupling.label.Barrier barrier, FileNames names) {
        return new Barrier(
                barrier.operator(),
                names.of(barrier.node()),
                names.of(barrier.value()),
                barrier.axis(),
                names.in(barrier.reason()));
    }

    /** As {@link #toString()}, with another name of the node. */
    public String text(String layer) {
        return (axis < 0 ? "'" + value + "'" : "axis " + axis + " of '" + value + "'") + " at " + operator + " '"
                + layer + "': " + reason;
    }

    @Override
    public String toString() {
        return text(node);
    }
}
