package io.espalier.graph.operator;

import io.espalier.graph.shape.NodeScope;
import io.espalier.graph.shape.Value;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.Graph;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Values that a loop hands from one iteration to the next: an extent is kept only while the body returns the same. */
final class Carried {

    private Carried() {}

    /**
     * Infers the body until the shapes of the carried values no longer change.
     *
     * @param carried initial values; replaced by what holds in every iteration
     * @param offset position of the first carried value among the results of the body
     * @return the results of the body
     */
    static List<Value> settle(
            NodeScope scope, Graph body, List<Value> before, List<Value> carried, List<Value> after, int offset) {
        while (true) {
            List<Value> inputs = new ArrayList<>(before);
            inputs.addAll(carried);
            inputs.addAll(after);
            List<Value> results = scope.body(body, inputs);
            boolean changed = false;
            for (int i = 0; i < carried.size() && i + offset < results.size(); i++) {
                Value merged = widened(scope, i, carried.get(i), results.get(i + offset));
                changed |= !merged.shape().equals(carried.get(i).shape());
                carried.set(i, merged);
            }
            if (!changed) {
                return results;
            }
        }
    }

    /** Extents become fresh, and ranks unknown, at most once each, so widening ends. */
    private static Value widened(NodeScope scope, int slot, Value entering, Value returned) {
        if (entering.shape().isEmpty()) {
            return entering;
        }
        List<Dim> shape = entering.shape().get();
        Optional<List<Dim>> next = returned.shape().filter(found -> found.size() == shape.size());
        if (next.isEmpty()) {
            return Value.of(entering.type(), Optional.empty(), Optional.empty());
        }
        List<Dim> dims = new ArrayList<>();
        for (int axis = 0; axis < shape.size(); axis++) {
            boolean same = shape.get(axis).equals(next.get().get(axis));
            dims.add(same ? shape.get(axis) : scope.fresh(slot, axis));
        }
        return Value.of(entering.type(), Optional.of(dims), Optional.empty());
    }
}
