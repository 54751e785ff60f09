package io.espalier.graph.operator;

import static io.espalier.graph.operator.IndexLines.letters;
import static io.espalier.graph.operator.IndexLines.operand;

import io.espalier.graph.flow.ControlFlowEdges;
import io.espalier.graph.operator.IndexLines.Rule;
import io.espalier.graph.shape.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Links of a flat graph, which carry values into the bodies of control flow and out of them. All turns of a loop are one:
 * what goes from a state goes from its first value, from what a turn returns and from the last value.
 */
final class FlowLines {

    private FlowLines() {}

    static void addTo(Map<String, Rule> rules) {
        for (String operator : List.of("If", "Loop", "Scan")) {
            rules.put(operator, FlowLines::link);
        }
    }

    private static Optional<String> link(NodeView view) {
        return ControlFlowEdges.part(view.node()).flatMap(part -> switch (part) {
            case TURN -> turn(view);
            case ENTER -> passing(view, List.of(0));
            case LEAVE -> passing(view, values(view));
            case SLICE -> slice(view);
            case COLLECT -> collect(view);
        });
    }

    /** What takes part of the operands of a link out of a body: the condition only has to be there. */
    private static List<Integer> values(NodeView view) {
        boolean branches = view.node().operator().equals("If");
        int count = view.node().inputs().size();
        return branches
                ? IntStream.range(1, count).boxed().toList()
                : IntStream.range(0, Math.min(count, 2)).boxed().toList();
    }

    private static Optional<String> turn(NodeView view) {
        return view.outputShape(0)
                .flatMap(number -> view.outputShape(1)
                        .map(condition -> "_ _ -> " + operand("i", letters("~i", number.size())) + " "
                                + operand("c", letters("~c", condition.size()))));
    }

    /** Axes whose extent is the same everywhere pass; nothing goes along the others. */
    private static Optional<String> passing(NodeView view, List<Integer> slots) {
        List<List<Dim>> shapes = new ArrayList<>();
        slots.forEach(slot -> view.shape(slot).ifPresent(shapes::add));
        view.outputShape(0).ifPresent(shapes::add);
        int rank = shapes.isEmpty() ? 0 : shapes.get(0).size();
        if (shapes.size() < slots.size() || shapes.stream().anyMatch(shape -> shape.size() != rank)) {
            return Optional.empty();
        }
        List<String> operands = new ArrayList<>();
        for (int slot = 0; slot < view.node().inputs().size(); slot++) {
            operands.add(slots.contains(slot) ? operand("x", axes(shapes, "#p" + slot + "_")) : "_");
        }
        return Optional.of(String.join(" ", operands) + " -> " + operand("y", axes(shapes, "~q")));
    }

    private static List<String> axes(List<List<Dim>> shapes, String differing) {
        List<String> axes = new ArrayList<>();
        for (int axis = 0; axis < shapes.get(0).size(); axis++) {
            int place = axis;
            boolean same =
                    shapes.stream().map(shape -> shape.get(place)).distinct().count() == 1;
            axes.add((same ? "a" : differing) + axis);
        }
        return axes;
    }

    private static Optional<String> slice(NodeView view) {
        int rank = view.rank(0);
        if (rank < 1) {
            return Optional.empty();
        }
        List<String> slice = letters("a", rank - 1);
        List<String> sequence = new ArrayList<>(slice);
        sequence.add(view.axis("axis", 0, rank), "#t");
        return Optional.of(operand("x", sequence) + " -> " + operand("y", slice));
    }

    private static Optional<String> collect(NodeView view) {
        int rank = view.rank(0);
        if (rank < 0) {
            return Optional.empty();
        }
        List<String> slice = letters("a", rank);
        List<String> sequence = new ArrayList<>(slice);
        sequence.add(view.axis("axis", 0, rank + 1), "~t");
        return Optional.of(operand("x", slice) + " _ -> " + operand("y", sequence));
    }
}
