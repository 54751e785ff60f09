package io.espalier.graph.operator;

import io.espalier.graph.shape.NodeScope;
import io.espalier.graph.symbol.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Numpy's broadcasting over symbolic extents. */
final class Broadcast {

    private Broadcast() {}

    /** The shape that all shapes broadcast to. */
    static List<Dim> of(NodeScope scope, List<List<Dim>> shapes) {
        int rank = shapes.stream().mapToInt(List::size).max().orElse(0);
        List<Dim> result = new ArrayList<>(rank);
        for (int axis = 0; axis < rank; axis++) {
            Dim extent = Dim.ONE;
            for (List<Dim> shape : shapes) {
                int own = axis - (rank - shape.size());
                if (own >= 0) {
                    extent = extent(extent, shape.get(own))
                            .orElseThrow(() -> scope.conflict("the shapes " + shapes + " do not broadcast"));
                }
            }
            result.add(extent);
        }
        return result;
    }

    /** The extent two extents broadcast to; empty when they contradict each other. */
    static Optional<Dim> extent(Dim a, Dim b) {
        if (a.equals(b) || b.is(1)) {
            return Optional.of(a);
        }
        if (a.is(1)) {
            return Optional.of(b);
        }
        if (a.isConstant() && b.isConstant()) {
            return Optional.empty();
        }
        if (a.isConstant() || b.isConstant()) {
            return Optional.of(a.isConstant() ? a : b);
        }
        boolean equal = a.bounds().lower() > 1 && b.bounds().lower() > 1;
        // Either may be 1 at run time; whichever is not is the larger one.
        return Optional.of(equal ? simpler(a, b) : a.max(b));
    }

    /** The extent of two that must be equal, in its simplest form. */
    static Dim same(NodeScope scope, Dim a, Dim b, String what) {
        if (a.isConstant() && b.isConstant() && !a.equals(b)) {
            throw scope.conflict(what + " are " + a + " and " + b + " but must be equal");
        }
        return simpler(a, b);
    }

    private static Dim simpler(Dim a, Dim b) {
        if (a.isConstant() || b.isConstant()) {
            return a.isConstant() ? a : b;
        }
        return b.isSimplerThan(a) ? b : a;
    }
}
