package io.espalier.graph.operator;

import static io.espalier.graph.operator.NotationText.letters;
import static io.espalier.graph.operator.NotationText.marked;
import static io.espalier.graph.operator.NotationText.operand;
import static io.espalier.graph.operator.OperatorDefinition.define;
import static io.espalier.spi.operator.SlotRole.AXES;
import static io.espalier.spi.operator.SlotRole.DATA;

import io.espalier.graph.operator.OperatorDefinition.Builder;
import io.espalier.graph.shape.Content;
import io.espalier.graph.shape.NodeScope;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.operator.Trait;
import io.espalier.spi.tensor.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Operators that reduce axes. Sums and norms lose only what was removed; means and extremes are statistics; the rest are barriers.
 */
final class Reductions {

    private Reductions() {}

    static List<Builder> definitions() {
        return List.of(
                reduction("", "ReduceSum").gradient(ReductionGradients::sum),
                reduction("", "ReduceSumSquare").gradient(ReductionGradients::sumOfSquares),
                reduction("", "ReduceL1").gradient(ReductionGradients::magnitudes),
                reduction("", "ReduceL2").gradient(ReductionGradients::norm),
                reduction("!", "ReduceMean").gradient(ReductionGradients::mean),
                reduction("?", "ReduceMax", "ReduceMin").gradient(ReductionGradients::extreme),
                reduction("#", "ReduceProd").gradient(ReductionGradients::product),
                reduction("#", "ReduceLogSum").gradient(ReductionGradients::logarithmOfSum),
                reduction("#", "ReduceLogSumExp").gradient(ReductionGradients::logarithmOfExponentials),
                define("com.microsoft.ReduceSumInteger").shape(1, Reductions::reduce),
                define("ArgMax", "ArgMin")
                        .notation(Reductions::argument)
                        .shape(1, Reductions::position)
                        .decides(1),
                define("CumSum")
                        .notation(Reductions::cumulative)
                        .sameShape()
                        .roles(DATA, AXES)
                        .traits(Trait.ORDERED)
                        .gradient(ReshapingGradients::cumulativeSum),
                define("CumProd").sameShape().roles(DATA, AXES).traits(Trait.ORDERED));
    }

    private static Builder reduction(String marker, String... operators) {
        return define(operators)
                .notation(view -> reduce(view, marker))
                .shape(1, Reductions::reduce)
                .roles(DATA, AXES);
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
            reduced[NodeView.position(axis, rank)] = true;
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

    private static Optional<String> cumulative(NodeView view) {
        Optional<long[]> axis = view.numbers(1);
        if (view.rank(0) < 0 || axis.isEmpty() || axis.get().length != 1) {
            return Optional.empty();
        }
        List<String> axes = letters("a", view.rank(0));
        int place = NodeView.position(axis.get()[0], axes.size());
        return Optional.of(operand("x", marked(axes, place, place + 1, "#")) + " _ -> " + operand("y", axes));
    }

    private static void reduce(NodeScope scope) {
        List<Dim> input = scope.shape(0);
        Optional<List<Long>> axes = axes(scope);
        boolean keep = scope.node().intAttribute("keepdims", 1) == 1;
        if (axes.isEmpty()) {
            unknownAxes(scope, input, keep);
            return;
        }
        if (axes.get().isEmpty() && scope.node().intAttribute("noop_with_empty_axes", 0) == 1) {
            scope.put(0, scope.type(0), input, scope.content(0));
            return;
        }
        List<Integer> reduced = scope.positions(axes.get(), input.size());
        List<Dim> output = new ArrayList<>();
        for (int axis = 0; axis < input.size(); axis++) {
            boolean gone = reduced.isEmpty() || reduced.contains(axis);
            if (!gone || keep) {
                output.add(gone ? Dim.ONE : input.get(axis));
            }
        }
        boolean everything = reduced.isEmpty() || reduced.size() == input.size();
        Optional<Content> content = everything ? total(scope, output) : Optional.empty();
        scope.put(0, scope.type(0), output, content);
    }

    /** Axes are an input since opset 18; some contrib operators keep the attribute. Absent means all. */
    private static Optional<List<Long>> axes(NodeScope scope) {
        return scope.has(1)
                ? scope.longs(1)
                : Optional.of(scope.node().intsAttribute("axes").orElse(List.of()));
    }

    private static void unknownAxes(NodeScope scope, List<Dim> input, boolean keep) {
        if (keep) {
            scope.put(0, scope.freshShape(0, input.size()));
            return;
        }
        scope.knownShape(1)
                .filter(shape -> shape.size() == 1 && shape.get(0).isConstant())
                .map(shape -> input.size() - (int) shape.get(0).constant())
                .filter(rank -> rank >= 0)
                .ifPresent(rank -> scope.put(0, scope.freshShape(0, rank)));
    }

    private static Optional<Content> total(NodeScope scope, List<Dim> output) {
        String combine = switch (scope.node().operator()) {
            case "ReduceSum" -> "Add";
            case "ReduceProd" -> "Mul";
            case "ReduceMax" -> "Max";
            case "ReduceMin" -> "Min";
            default -> "";
        };
        if (combine.isEmpty() || !scope.value(0).mayHaveContent()) {
            return Optional.empty();
        }
        List<Long> shape = output.stream().map(Dim::constant).toList();
        return scope.content(0)
                .filter(content -> content.size() > 0)
                .map(content -> new Content(
                        shape,
                        List.of(content.elements().stream()
                                .reduce((a, b) -> a.flatMap(
                                        x -> b.flatMap(y -> ElementArithmetic.binary(combine, scope.type(0), x, y))))
                                .orElseThrow())));
    }

    private static void position(NodeScope scope) {
        List<Dim> output = new ArrayList<>(scope.shape(0));
        int axis = scope.axis(0, output.size());
        if (scope.node().intAttribute("keepdims", 1) == 1) {
            output.set(axis, Dim.ONE);
        } else {
            output.remove(axis);
        }
        scope.put(0, DataType.INT64, output);
    }
}
