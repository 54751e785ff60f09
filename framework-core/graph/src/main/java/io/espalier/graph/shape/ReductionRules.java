package io.espalier.graph.shape;

import io.espalier.spi.tensor.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reductions along axes. */
final class ReductionRules {

    private ReductionRules() {}

    static void register(RuleTable table) {
        table.add(
                1,
                ReductionRules::reduce,
                "ReduceL1",
                "ReduceL2",
                "ReduceLogSum",
                "ReduceLogSumExp",
                "ReduceMax",
                "ReduceMean",
                "ReduceMin",
                "ReduceProd",
                "ReduceSum",
                "ReduceSumSquare");
        table.add(1, ReductionRules::reduce, "com.microsoft.ReduceSumInteger");
        table.add(1, ReductionRules::position, "ArgMax", "ArgMin");
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
