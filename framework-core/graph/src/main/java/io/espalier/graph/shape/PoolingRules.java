package io.espalier.graph.shape;

import io.espalier.spi.tensor.DataType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Pools. */
final class PoolingRules {

    private PoolingRules() {}

    static void register(RuleTable table) {
        table.add(1, PoolingRules::pool, "AveragePool", "LpPool", "MaxPool");
        table.add(1, PoolingRules::pool, "com.microsoft.QLinearAveragePool");
        table.add(1, PoolingRules::global, "GlobalAveragePool", "GlobalLpPool", "GlobalMaxPool");
        table.add(1, PoolingRules::global, "com.microsoft.QLinearGlobalAveragePool");
        table.add(2, PoolingRules::unpool, "MaxUnpool");
        table.add(2, PoolingRules::regions, "MaxRoiPool");
    }

    private static void pool(NodeScope scope) {
        List<Dim> input = spatial(scope);
        int first = firstSpatialAxis(scope);
        int end = input.size() - 2 + first;
        List<Dim> output = new ArrayList<>(input);
        boolean roundUp = scope.node().intAttribute("ceil_mode", 0) == 1;
        List<Dim> extents = Windows.ofPool(scope, end - first).slide(input.subList(first, end), roundUp);
        for (int axis = 0; axis < extents.size(); axis++) {
            output.set(first + axis, extents.get(axis));
        }
        scope.put(0, output);
        scope.put(1, DataType.INT64, output);
    }

    private static void global(NodeScope scope) {
        List<Dim> input = spatial(scope);
        int first = firstSpatialAxis(scope);
        List<Dim> output = new ArrayList<>(input);
        Collections.fill(output.subList(first, input.size() - 2 + first), Dim.ONE);
        scope.put(0, output);
    }

    private static int firstSpatialAxis(NodeScope scope) {
        return scope.node().intAttribute("channels_last", 0) == 1 ? 1 : 2;
    }

    private static void unpool(NodeScope scope) {
        List<Dim> input = spatial(scope);
        if (scope.has(2)) {
            int rank = input.size();
            scope.put(
                    0,
                    scope.integers(2).filter(shape -> shape.size() == rank).orElseGet(() -> scope.freshShape(0, rank)));
            return;
        }
        List<Dim> output = new ArrayList<>(input.subList(0, 2));
        output.addAll(Windows.ofPool(scope, input.size() - 2).spread(input.subList(2, input.size())));
        scope.put(0, output);
    }

    private static void regions(NodeScope scope) {
        List<Dim> input = spatial(scope);
        List<Dim> regions = scope.shape(1, 2);
        List<Dim> output = new ArrayList<>(List.of(regions.get(0), input.get(1)));
        scope.node()
                .intsAttribute("pooled_shape")
                .orElseThrow(() -> scope.conflict("the attribute pooled_shape is missing"))
                .forEach(extent -> output.add(Dim.of(extent)));
        scope.put(0, output);
    }

    private static List<Dim> spatial(NodeScope scope) {
        List<Dim> input = scope.shape(0);
        if (input.size() < 3) {
            throw scope.conflict("the input " + input + " has no spatial axis");
        }
        return input;
    }
}
