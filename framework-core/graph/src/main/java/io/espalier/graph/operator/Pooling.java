package io.espalier.graph.operator;

import static io.espalier.graph.operator.OperatorDefinition.define;
import static io.espalier.spi.operator.SlotRole.DATA;
import static io.espalier.spi.operator.SlotRole.INDICES;
import static io.espalier.spi.operator.SlotRole.SHAPE;

import io.espalier.graph.operator.OperatorDefinition.Builder;
import io.espalier.graph.shape.NodeScope;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.tensor.DataType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Pools, and what puts pooled elements back. */
final class Pooling {

    private Pooling() {}

    static List<Builder> definitions() {
        return List.of(
                pool("AveragePool").gradient(PoolingGradients::average),
                pool("LpPool").decomposes(PoolingGradients::norm),
                pool("MaxPool").gradient(PoolingGradients::largest),
                define("com.microsoft.QLinearAveragePool").shape(1, Pooling::pool),
                define("GlobalAveragePool")
                        .notation(view -> Optional.of(global(view, "!")))
                        .shape(1, Pooling::global)
                        .gradient(ReductionGradients::globalAverage),
                globalPool("GlobalLpPool").decomposes(ReductionGradients::globalNorm),
                globalPool("GlobalMaxPool").gradient(ReductionGradients::globalExtreme),
                define("com.microsoft.QLinearGlobalAveragePool").shape(1, Pooling::global),
                define("MaxUnpool")
                        .notation(Pooling::unpool)
                        .shape(2, Pooling::unpool)
                        .roles(DATA, INDICES, SHAPE)
                        .moves(Movement.UNPOOL)
                        .gradient(ImageGradients::unpool),
                define("MaxRoiPool")
                        .notation("x[#n c #*] r[k #f] -> y[k c ~h ~w]")
                        .shape(2, Pooling::regions)
                        .decomposes(PooledRegions::largest));
    }

    private static Builder pool(String operator) {
        return define(operator)
                .notation(WindowNotation.of("x[n c ~*] -> y[n c ~*] indices[n c ~*]"))
                .shape(1, Pooling::pool);
    }

    private static Builder globalPool(String operator) {
        return define(operator).notation(view -> Optional.of(global(view, "#"))).shape(1, Pooling::global);
    }

    private static String global(NodeView view, String marker) {
        int spatial = Math.max(view.rank(0) - 2, 0);
        return "x[n c " + marker + "*] -> y[n c" + " 1".repeat(spatial) + "]";
    }

    /** Indices count positions of the tensor that was pooled, channels included: they are right if they are pooled anew. */
    private static Optional<String> unpool(NodeView view) {
        return view.numbers(1).isPresent() ? Optional.empty() : Optional.of("x[n c ~*] i[n c ~*] _ -> y[n c ~*]");
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
