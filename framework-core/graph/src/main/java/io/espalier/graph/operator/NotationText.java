package io.espalier.graph.operator;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Pieces of index notation that several families write. */
final class NotationText {

    private NotationText() {}

    /** Letters for consecutive axes, such as {@code a0 a1 a2}. */
    static List<String> letters(String prefix, int count) {
        List<String> letters = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            letters.add(prefix + i);
        }
        return letters;
    }

    static String operand(String name, List<String> axes) {
        return name + "[" + String.join(" ", axes) + "]";
    }

    static List<String> marked(List<String> axes, int from, int to, String marker) {
        List<String> marked = new ArrayList<>(axes);
        for (int axis = from; axis < to; axis++) {
            marked.set(axis, marker + axes.get(axis));
        }
        return marked;
    }

    /** Looks at all of its first operand. */
    static Optional<String> whole(NodeView view) {
        if (view.rank(0) < 0) {
            return Optional.empty();
        }
        List<String> operands = new ArrayList<>(List.of(operand("x", letters("#a", view.rank(0)))));
        operands.addAll(Collections.nCopies(view.node().inputs().size() - 1, "_"));
        List<String> outputs = new ArrayList<>();
        for (int slot = 0; slot < view.node().outputs().size(); slot++) {
            int rank = view.outputShape(slot).map(List::size).orElse(0);
            outputs.add(operand("y", letters("~y" + slot + "_", rank)));
        }
        return Optional.of(String.join(" ", operands) + " -> " + String.join(" ", outputs));
    }
}
