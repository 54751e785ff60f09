package io.espalier.graph.operator;

import io.espalier.graph.operator.IndexNotation.AxisTerm;
import io.espalier.graph.symbol.Dim;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Compares the extents of operands with index notation: one letter stands for one extent, except that 1 repeats. */
final class NotationFit {

    private final NodeView view;
    private final IndexNotation notation;
    private final Map<String, Long> sizes = new HashMap<>();

    private NotationFit(NodeView view, IndexNotation notation) {
        this.view = view;
        this.notation = notation;
        this.sizes.putAll(notation.sizes());
    }

    /**
     * Compares what is known of the operands of a node.
     *
     * @throws MisfitException when two extents of one letter differ
     */
    static void check(NodeView view, IndexNotation notation) {
        NotationFit fit = new NotationFit(view, notation);
        fit.visit(term -> term.letters().size() == 1);
        fit.visit(term -> term.letters().size() > 1);
    }

    private void visit(Predicate<AxisTerm> kind) {
        for (int slot = 0; slot < notation.inputs().size(); slot++) {
            Optional<List<Dim>> shape = view.shape(slot);
            List<AxisTerm> terms = notation.inputs().get(slot).orElse(List.of());
            for (int axis = 0; shape.isPresent() && axis < terms.size(); axis++) {
                Dim extent = shape.get().get(axis);
                if (kind.test(terms.get(axis)) && extent.isConstant() && !extent.is(1)) {
                    visit(terms.get(axis), extent.constant(), slot, axis);
                }
            }
        }
    }

    private void visit(AxisTerm term, long extent, int slot, int axis) {
        if (term.letters().stream().anyMatch(letter -> letter.marker() == Letter.Marker.OPAQUE)) {
            return;
        }
        List<String> open = new ArrayList<>();
        long known = 1;
        for (Letter letter : term.letters()) {
            Long size = sizes.get(letter.name());
            if (size == null) {
                open.add(letter.name());
            } else {
                known = Math.multiplyExact(known, size);
            }
        }
        boolean fits = open.isEmpty() || known == 0 ? extent == known : extent % known == 0;
        if (!fits) {
            throw new MisfitException("axis " + axis + " of input " + slot + " has " + extent + " positions, which "
                    + (open.isEmpty() ? "should be " + known : known + " does not divide"));
        }
        if (open.size() == 1 && known > 0) {
            sizes.put(open.get(0), extent / known);
        }
    }
}
