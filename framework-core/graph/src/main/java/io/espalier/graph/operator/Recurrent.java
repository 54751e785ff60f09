package io.espalier.graph.operator;

import static io.espalier.graph.operator.OperatorDefinition.define;
import static io.espalier.spi.operator.SlotRole.BIAS;
import static io.espalier.spi.operator.SlotRole.DATA;
import static io.espalier.spi.operator.SlotRole.SHAPE;
import static io.espalier.spi.operator.SlotRole.STATE;
import static io.espalier.spi.operator.SlotRole.WEIGHT;

import io.espalier.graph.operator.OperatorDefinition.Builder;
import io.espalier.graph.shape.NodeScope;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.Node;
import io.espalier.spi.operator.Trait;
import java.util.List;
import java.util.Optional;

/** Recurrent cells. */
final class Recurrent {

    private Recurrent() {}

    static List<Builder> definitions() {
        return List.of(
                cell("LSTM")
                        .notation(view -> recurrent(view, 4, true))
                        .decomposes(UnrolledCells::longShortTerm)
                        .roles(DATA, WEIGHT, WEIGHT, BIAS, SHAPE, STATE, STATE, WEIGHT),
                cell("GRU").notation(view -> recurrent(view, 3, false)).decomposes(UnrolledCells::gated),
                cell("RNN").notation(view -> recurrent(view, 1, false)).decomposes(UnrolledCells::simple),
                cell("com.microsoft.DynamicQuantizeLSTM").shape(1, Recurrent::recur));
    }

    private static Builder cell(String operator) {
        return define(operator)
                .shape(3, Recurrent::recur)
                .macs(Recurrent::macs)
                .roles(DATA, WEIGHT, WEIGHT, BIAS, SHAPE, STATE)
                .traits(Trait.ORDERED);
    }

    /**
     * One or two directions of a recurrent cell. The gates of a hidden unit carry one label, and the recurrent weight
     * carries it on both of its axes.
     */
    private static Optional<String> recurrent(NodeView view, int gates, boolean hasCell) {
        boolean batchFirst = view.node().intAttribute("layout", 0) == 1;
        if (batchFirst) {
            return Optional.empty();
        }
        String line = "x[~s n i] w[^d (#q h) i] r[^d (#q h) h'] b[^d (#u h)] _ h0[^d n h]"
                + (hasCell ? " c0[^d n h] p[^d (#v h)]" : "")
                + " -> y[~s d n h] yh[d n h]"
                + (hasCell ? " yc[d n h]" : "")
                + " | q=" + gates + ", u=" + 2 * gates + ", v=3, h=@hidden_size";
        return Optional.of(line);
    }

    private static void recur(NodeScope scope) {
        List<Dim> input = scope.shape(0, 3);
        Dim hidden = hidden(scope);
        Dim directions = scope.knownShape(1)
                .filter(shape -> shape.size() == 3)
                .map(shape -> shape.get(0))
                .orElseGet(() -> directions(scope));
        boolean batchFirst = scope.node().intAttribute("layout", 0) == 1;
        Dim time = input.get(batchFirst ? 1 : 0);
        Dim batch = input.get(batchFirst ? 0 : 1);
        List<Dim> last = batchFirst ? List.of(batch, directions, hidden) : List.of(directions, batch, hidden);
        scope.put(0, batchFirst ? List.of(batch, time, directions, hidden) : List.of(time, directions, batch, hidden));
        scope.put(1, last);
        scope.put(2, last);
    }

    /** The width of the recurrence weight, whose layout in the quantised operator differs; then the attribute. */
    private static Dim hidden(NodeScope scope) {
        if (scope.node().domain().isEmpty() && scope.knownShape(2).isPresent()) {
            return scope.shape(2, 3).get(2);
        }
        long hidden = scope.node().intAttribute("hidden_size", 0);
        if (hidden < 1) {
            throw scope.conflict("neither the recurrence weight nor the attribute hidden_size is known");
        }
        return Dim.of(hidden);
    }

    private static Dim directions(NodeScope scope) {
        return Dim.of(scope.node().textAttribute("direction", "forward").equals("bidirectional") ? 2 : 1);
    }

    /** Input and recurrent weights, all gates and directions, once a step. */
    private static Optional<Long> macs(Node node, Extents extents) {
        Optional<long[]> x = node.input(0).flatMap(extents::of).filter(shape -> shape.length == 3);
        Optional<Long> weights = node.input(1)
                .flatMap(extents::size)
                .flatMap(some -> node.input(2).flatMap(extents::size).map(others -> some + others));
        return Extents.product(x.map(shape -> Math.multiplyExact(shape[0], shape[1])), weights);
    }
}
