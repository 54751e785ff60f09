package io.espalier.graph.operator;

import io.espalier.graph.operator.IndexNotation.AxisTerm;
import io.espalier.graph.shape.Dim;
import io.espalier.graph.shape.NodeScope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Shapes read off index notation. Outputs take the element type of the first input unless the file declares another; an
 * output with an opaque letter, or one of unknown size, stays unknown.
 */
final class NotationShapes {

    private NotationShapes() {}

    static void infer(NodeScope scope, IndexNotation notation) {
        Map<String, Dim> sizes = sizes(scope, notation);
        for (int slot = 0; slot < notation.outputs().size(); slot++) {
            int target = slot;
            shape(notation.outputs().get(slot), sizes).ifPresent(shape -> scope.put(target, shape));
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

    private static Optional<List<Dim>> shape(List<AxisTerm> axes, Map<String, Dim> sizes) {
        List<Dim> shape = new ArrayList<>();
        for (AxisTerm axis : axes) {
            Dim extent = Dim.ONE;
            for (Letter letter : axis.letters()) {
                Dim size = sizes.get(letter.name());
                if (size == null || letter.marker() == Letter.Marker.OPAQUE) {
                    return Optional.empty();
                }
                extent = extent.times(size);
            }
            shape.add(extent);
        }
        return Optional.of(shape);
    }
}
