package io.espalier.graph.operator;

import static io.espalier.graph.operator.IndexLines.letters;
import static io.espalier.graph.operator.IndexLines.operand;

import io.espalier.graph.operator.IndexLines.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Operators that reduce axes. Sums and norms lose only what was removed; means and extremes are statistics; the rest are barriers. */
final class ReductionLines {

    private ReductionLines() {}

    static void addTo(Map<String, Rule> rules) {
        for (String sum : List.of("ReduceSum", "ReduceSumSquare", "ReduceL1", "ReduceL2")) {
            rules.put(sum, view -> reduce(view, ""));
        }
        rules.put("ReduceMean", view -> reduce(view, "!"));
        for (String extreme : List.of("ReduceMax", "ReduceMin")) {
            rules.put(extreme, view -> reduce(view, "?"));
        }
        for (String whole : List.of("ReduceProd", "ReduceLogSum", "ReduceLogSumExp")) {
            rules.put(whole, view -> reduce(view, "#"));
        }
        for (String index : List.of("ArgMax", "ArgMin")) {
            rules.put(index, ReductionLines::argument);
        }
        rules.put("CumSum", ReductionLines::cumulative);
        rules.put("TopK", ReductionLines::largest);
        rules.put("GlobalAveragePool", view -> Optional.of(global(view, "!")));
        rules.put("GlobalMaxPool", view -> Optional.of(global(view, "#")));
        rules.put("GlobalLpPool", view -> Optional.of(global(view, "#")));
    }

    private static String global(NodeView view, String marker) {
        int spatial = Math.max(view.rank(0) - 2, 0);
        return "x[n c " + marker + "*] -> y[n c" + " 1".repeat(spatial) + "]";
    }

    private static Optional<String> reduce(NodeView view, String marker) {
        int rank = view.rank(0);
        boolean hasAxes = view.node().input(1).isPresent();
        Optional<long[]> axes = hasAxes ? view.numbers(1) : Optional.of(new long[0]);
        if (rank < 0 || axes.isEmpty()) {
            return Optional.empty();
        }
        boolean nothing = axes.get().length == 0 && view.node().intAttribute("noop_with_empty_axes", 0) != 0;
        boolean[] reduced = new boolean[rank];
        for (int axis = 0; axis < rank; axis++) {
            reduced[axis] = axes.get().length == 0 && !nothing;
        }
        for (long axis : axes.get()) {
            reduced[NodeView.normalise(axis, rank)] = true;
        }
        return Optional.of(line(reduced, marker, view.node().intAttribute("keepdims", 1) != 0));
    }

    private static Optional<String> argument(NodeView view) {
        if (view.rank(0) < 0) {
            return Optional.empty();
        }
        boolean[] reduced = new boolean[view.rank(0)];
        reduced[view.axis("axis", 0, reduced.length)] = true;
        return Optional.of(line(reduced, "#", view.node().intAttribute("keepdims", 1) != 0));
    }

    private static String line(boolean[] reduced, String marker, boolean keep) {
        List<String> letters = letters("a", reduced.length);
        List<String> input = new ArrayList<>();
        List<String> output = new ArrayList<>();
        for (int axis = 0; axis < reduced.length; axis++) {
            input.add((reduced[axis] ? marker : "") + letters.get(axis));
            if (!reduced[axis]) {
                output.add(letters.get(axis));
            } else if (keep) {
                output.add("1");
            }
        }
        return operand("x", input) + " _ -> " + operand("y", output);
    }

    /** The largest along one axis, for every position of the others by itself. */
    private static Optional<String> largest(NodeView view) {
        if (view.rank(0) < 0) {
            return Optional.empty();
        }
        List<String> axes = letters("a", view.rank(0));
        int place = view.axis("axis", -1, axes.size());
        List<String> chosen = new ArrayList<>(axes);
        chosen.set(place, "~k");
        return Optional.of(operand("x", NormalisationLines.marked(axes, place, place + 1, "#")) + " _ -> "
                + operand("y", chosen) + " " + operand("indices", chosen));
    }

    private static Optional<String> cumulative(NodeView view) {
        Optional<long[]> axis = view.numbers(1);
        if (view.rank(0) < 0 || axis.isEmpty()) {
            return Optional.empty();
        }
        List<String> axes = letters("a", view.rank(0));
        int place = NodeView.normalise(axis.get()[0], axes.size());
        return Optional.of(
                operand("x", NormalisationLines.marked(axes, place, place + 1, "#")) + " _ -> " + operand("y", axes));
    }
}
