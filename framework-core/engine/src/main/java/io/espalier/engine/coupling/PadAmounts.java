package io.espalier.engine.coupling;

import io.espalier.engine.operator.NodeView;
import java.util.Optional;

/** How many positions a Pad node adds before and after each axis. */
final class PadAmounts {

    private PadAmounts() {}

    /** All amounts, before each axis and then after each axis; empty when computed at run time. */
    static Optional<long[]> of(NodeView view, int rank) {
        Optional<long[]> amounts = view.numbers(1);
        if (amounts.isEmpty() || view.node().input(3).isEmpty()) {
            return amounts;
        }
        return view.numbers(3).map(axes -> {
            long[] all = new long[2 * rank];
            for (int i = 0; i < axes.length; i++) {
                int axis = NodeView.normalise(axes[i], rank);
                all[axis] = amounts.get()[i];
                all[axis + rank] = amounts.get()[i + axes.length];
            }
            return all;
        });
    }

    static boolean isZero(long[] amounts, int axis) {
        return amounts[axis] == 0 && amounts[axis + amounts.length / 2] == 0;
    }
}
