package io.espalier.graph.operator;

import io.espalier.graph.operator.IndexNotation.AxisTerm;
import io.espalier.graph.shape.NodeScope;
import io.espalier.graph.symbol.Dim;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Shapes read off index notation. Outputs take the element type of the first input unless the file declares another.
 */
final class NotationShapes {

    private NotationShapes() {}

    /** The extent of an output axis that the notation leaves open. */
    @FunctionalInterface
    interface OpenExtent {
        Dim of(int output, int axis);
    }

    static void infer(NodeScope scope, IndexNotation notation, OpenExtent open) {
        Map<String, Dim> sizes = sizes(scope, notation);
        for (int slot = 0; slot < notation.outputs().size(); slot++) {
            List<AxisTerm> axes = notation.outputs().get(slot);
            List<Dim> shape = new ArrayList<>();
            for (AxisTerm axis : axes) {
                int place = shape.size();
                int output = slot;
                shape.add(extent(axis, notation, sizes).orElseGet(() -> open.of(output, place)));
            }
            scope.put(slot, shape);
        }
    }

    private static Map<String, Dim> sizes(NodeScope scope, IndexNotation notation) {
        Map<String, Dim> sizes = new LinkedHashMap<>();
        notation.sizes().forEach((letter, size) -> sizes.put(letter, Dim.of(size)));
        for (int slot = 0; slot < notation.inputs().size(); slot++) {
            Optional<List<AxisTerm>> terms = notation.inputs().get(slot);
            if (terms.isPresent()) {
                learn(terms.get(), scope.shape(slot), sizes);
            }
        }
        return sizes;
    }

    private static void learn(List<AxisTerm> terms, List<Dim> shape, Map<String, Dim> sizes) {
        for (int axis = 0; axis < terms.size(); axis++) {
            Dim rest = shape.get(axis);
            List<String> open = new ArrayList<>();
            for (Letter letter : terms.get(axis).letters()) {
                Dim known = terms.get(axis).letters().size() == 1 ? null : sizes.get(letter.name());
                if (known == null) {
                    open.add(letter.name());
                } else {
                    rest = rest.divideExactly(known).orElse(rest);
                }
            }
            if (open.size() == 1 && (!rest.equals(Dim.ONE) || !sizes.containsKey(open.get(0)))) {
                sizes.put(open.get(0), rest);
            }
        }
    }

    /** Empty when a letter is opaque, because the operator may change such an extent, or its size is not known. */
    private static Optional<Dim> extent(AxisTerm axis, IndexNotation notation, Map<String, Dim> sizes) {
        Dim extent = Dim.ONE;
        for (Letter letter : axis.letters()) {
            boolean open =
                    letter.marker() == Letter.Marker.OPAQUE && !notation.sizes().containsKey(letter.name());
            Dim size = sizes.get(letter.name());
            if (open || size == null) {
                return Optional.empty();
            }
            extent = extent.times(size);
        }
        return Optional.of(extent);
    }
}
