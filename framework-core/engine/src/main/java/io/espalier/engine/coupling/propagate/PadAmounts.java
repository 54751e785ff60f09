package io.espalier.engine.coupling.propagate;

import io.espalier.graph.operator.NodeView;
import io.espalier.graph.shape.IntTensor;
import io.espalier.graph.symbol.Dim;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** How many positions a Pad node adds before and after each axis, where that is known before the model runs. */
final class PadAmounts {

    private final List<Optional<Dim>> amounts;

    private PadAmounts(List<Optional<Dim>> amounts) {
        this.amounts = amounts;
    }

    static PadAmounts of(NodeView view, int rank) {
        List<Optional<Dim>> unknown = Collections.nCopies(2 * rank, Optional.empty());
        Optional<List<Optional<Dim>>> given =
                view.node().input(1).flatMap(view.shapes()::content).map(IntTensor::elements);
        if (given.isEmpty() || view.node().input(3).isEmpty()) {
            return new PadAmounts(
                    given.filter(elements -> elements.size() == 2 * rank).orElse(unknown));
        }
        Optional<long[]> axes = view.numbers(3);
        if (axes.isEmpty() || given.get().size() != 2 * axes.get().length) {
            return new PadAmounts(unknown);
        }
        List<Optional<Dim>> all = new ArrayList<>(Collections.nCopies(2 * rank, Optional.of(Dim.of(0))));
        int count = axes.get().length;
        for (int i = 0; i < count; i++) {
            int axis = NodeView.normalise(axes.get()[i], rank);
            all.set(axis, given.get().get(i));
            all.set(axis + rank, given.get().get(i + count));
        }
        return new PadAmounts(all);
    }

    boolean isKnown(int axis) {
        return isNumber(axis) && isNumber(axis + amounts.size() / 2);
    }

    boolean isZero(int axis) {
        return isKnown(axis) && before(axis) == 0 && after(axis) == 0;
    }

    int before(int axis) {
        return number(axis);
    }

    int after(int axis) {
        return number(axis + amounts.size() / 2);
    }

    private boolean isNumber(int index) {
        return amounts.get(index).filter(Dim::isConstant).isPresent();
    }

    private int number(int index) {
        return Math.toIntExact(amounts.get(index).orElseThrow().constant());
    }
}
