package io.espalier.graph.shape;

import io.espalier.spi.tensor.DataType;
import java.util.ArrayList;
import java.util.List;

/** Operators whose output extents depend on data. */
final class SelectionRules {

    private SelectionRules() {}

    static void register(RuleTable table) {
        table.add(1, SelectionRules::topK, "TopK");
        table.add(1, SelectionRules::nonZero, "NonZero");
        table.add(1, SelectionRules::unique, "Unique");
        table.add(0, SelectionRules::nonMaxSuppression, "NonMaxSuppression");
    }

    private static void topK(NodeScope scope) {
        List<Dim> output = new ArrayList<>(scope.shape(0));
        int axis = scope.axis(-1, output.size());
        Dim kept = scope.integer(1, 0).orElseGet(() -> scope.fresh(0, axis));
        output.set(axis, kept);
        scope.put(0, output);
        scope.put(1, DataType.INT64, output);
    }

    private static void nonZero(NodeScope scope) {
        List<Dim> input = scope.shape(0);
        scope.put(0, DataType.INT64, List.of(Dim.of(input.size()), scope.fresh(0, 1)));
    }

    private static void unique(NodeScope scope) {
        boolean flat = !scope.node().attributes().containsKey("axis");
        List<Dim> input = scope.shape(0);
        int axis = flat ? 0 : scope.axis(0, input.size());
        Dim kept = scope.fresh(0, axis);
        List<Dim> output = flat ? new ArrayList<>(List.of(kept)) : new ArrayList<>(input);
        output.set(axis, kept);
        Dim all = flat ? ReshapingRules.product(input) : input.get(axis);
        scope.put(0, output);
        scope.put(1, DataType.INT64, List.of(kept));
        scope.put(2, DataType.INT64, List.of(all));
        scope.put(3, DataType.INT64, List.of(kept));
    }

    private static void nonMaxSuppression(NodeScope scope) {
        scope.put(0, DataType.INT64, List.of(scope.fresh(0, 0), Dim.of(3)));
    }
}
