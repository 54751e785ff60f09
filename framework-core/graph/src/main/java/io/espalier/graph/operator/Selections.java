package io.espalier.graph.operator;

import static io.espalier.graph.operator.NotationText.letters;
import static io.espalier.graph.operator.NotationText.marked;
import static io.espalier.graph.operator.NotationText.operand;
import static io.espalier.graph.operator.OperatorDefinition.define;
import static io.espalier.spi.operator.SlotRole.CONDITION;
import static io.espalier.spi.operator.SlotRole.DATA;
import static io.espalier.spi.operator.SlotRole.SETTING;
import static io.espalier.spi.operator.SlotRole.SHAPE;

import io.espalier.graph.operator.OperatorDefinition.Builder;
import io.espalier.graph.shape.NodeScope;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.operator.Trait;
import io.espalier.spi.tensor.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Operators that choose by what they see when the model runs: the extents of their outputs, or their order, depend on data.
 */
final class Selections {

    private Selections() {}

    static List<Builder> definitions() {
        return List.of(
                define("TopK")
                        .notation(Selections::largest)
                        .shape(1, Selections::topK)
                        .roles(DATA, SHAPE)
                        .decides(2)
                        .gradient(GatheringGradients::largest),
                define("NonZero")
                        .notation(NotationText::whole)
                        .shape(1, Selections::nonZero)
                        .decides(1),
                define("Unique")
                        .notation(NotationText::whole)
                        .shape(1, Selections::unique)
                        .gradient(GatheringGradients::unique)
                        .decides(1),
                define("NonMaxSuppression")
                        .notation("b[#n #k #f] s[#m #c #l] _ _ _ -> y[~r ~t]")
                        .shape(0, Selections::nonMaxSuppression)
                        .roles(DATA, DATA, SHAPE, SETTING, SETTING)
                        .decides(5),
                define("Compress")
                        .notation(Selections::compress)
                        .shape(2, Selections::compress)
                        .roles(DATA, CONDITION)
                        .traits(Trait.LOOKS_UP)
                        .gradient(GatheringGradients::compress));
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
        return Optional.of(operand("x", marked(axes, place, place + 1, "#")) + " _ -> " + operand("y", chosen) + " "
                + operand("indices", chosen));
    }

    private static Optional<String> compress(NodeView view) {
        int rank = view.rank(0);
        boolean flat = !view.node().attributes().containsKey("axis");
        if (rank < 0) {
            return Optional.empty();
        }
        List<String> axes = letters("a", rank);
        if (flat) {
            return Optional.of(operand("x", marked(axes, 0, rank, "#")) + " c[#c] -> y[~k]");
        }
        int place = view.axis("axis", 0, rank);
        List<String> kept = new ArrayList<>(axes);
        kept.set(place, "~k");
        return Optional.of(operand("x", marked(axes, place, place + 1, "#")) + " c[#c] -> " + operand("y", kept));
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
        Dim all = flat ? Dims.product(input) : input.get(axis);
        scope.put(0, output);
        scope.put(1, DataType.INT64, List.of(kept));
        scope.put(2, DataType.INT64, List.of(all));
        scope.put(3, DataType.INT64, List.of(kept));
    }

    private static void nonMaxSuppression(NodeScope scope) {
        scope.put(0, DataType.INT64, List.of(scope.fresh(0, 0), Dim.of(3)));
    }

    private static void compress(NodeScope scope) {
        List<Dim> input = scope.shape(0);
        boolean flat = !scope.node().attributes().containsKey("axis");
        List<Dim> output = flat ? new ArrayList<>(List.of(Dim.ONE)) : new ArrayList<>(input);
        int axis = flat ? 0 : scope.axis(0, input.size());
        Optional<List<Long>> condition = scope.longs(1);
        output.set(
                axis,
                condition
                        .map(all ->
                                Dim.of(all.stream().filter(kept -> kept != 0).count()))
                        .orElseGet(() -> scope.fresh(0, axis)));
        scope.put(0, output);
    }
}
