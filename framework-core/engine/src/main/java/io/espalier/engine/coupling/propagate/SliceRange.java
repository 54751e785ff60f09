package io.espalier.engine.coupling.propagate;

import io.espalier.graph.operator.NodeView;
import io.espalier.graph.symbol.Dim;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The range that a Slice cuts from one axis.
 *
 * @param axis the axis
 * @param start first position as written, empty when computed at run time
 * @param end end position as written, empty when computed at run time
 * @param step step, empty when computed at run time
 */
public record SliceRange(int axis, Optional<Long> start, Optional<Long> end, Optional<Long> step) {

    /** The ranges of a Slice node, one for each axis it names; every axis when the axes are not known. */
    public static List<SliceRange> of(NodeView view, int rank) {
        Optional<long[]> axes = view.numbers(3);
        boolean namesAxes = view.node().input(3).isPresent();
        int count = axes.isPresent()
                ? axes.get().length
                : namesAxes ? rank : bounds(view).orElse(rank);
        List<SliceRange> ranges = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int index = i;
            boolean known = !namesAxes || axes.isPresent();
            int axis = axes.map(all -> NodeView.normalise(all[index], rank)).orElse(index);
            Optional<Long> step = view.node().input(4).isPresent() ? element(view, 4, i) : Optional.of(1L);
            ranges.add(
                    known
                            ? new SliceRange(axis, element(view, 1, i), element(view, 2, i), step)
                            : new SliceRange(axis, Optional.empty(), Optional.empty(), Optional.empty()));
        }
        return ranges;
    }

    /** How many axes are cut, empty when that is not known. */
    private static Optional<Integer> bounds(NodeView view) {
        return view.shape(1)
                .filter(shape -> shape.size() == 1 && shape.get(0).isConstant())
                .map(shape -> Math.toIntExact(shape.get(0).constant()));
    }

    private static Optional<Long> element(NodeView view, int slot, int index) {
        return view.node()
                .input(slot)
                .flatMap(view.shapes()::content)
                .filter(content -> index < content.elements().size())
                .flatMap(content -> content.elements().get(index))
                .filter(element -> element.isConstant())
                .map(element -> element.constant());
    }

    /** Whether start, end and step are known before the model runs. */
    public boolean isKnown() {
        return start.isPresent() && end.isPresent() && step.isPresent();
    }

    /** The absolute step, 1 when it is not known. */
    int stride() {
        return (int) Math.min(Math.abs(step.orElse(1L)), Integer.MAX_VALUE);
    }

    /** The positions cut from an axis of known extent, in the order of the result. */
    Optional<int[]> positions(int extent) {
        if (start.isEmpty() || end.isEmpty() || step.isEmpty() || step.get() == 0) {
            return Optional.empty();
        }
        boolean forward = step.get() > 0;
        long first = clamp(start.get() < 0 ? start.get() + extent : start.get(), forward ? 0 : -1, extent, forward);
        long last = clamp(end.get() < 0 ? end.get() + extent : end.get(), forward ? 0 : -1, extent, forward);
        List<Integer> positions = new ArrayList<>();
        for (long at = first; forward ? at < last : at > last; at += step.get()) {
            positions.add((int) at);
        }
        return Optional.of(positions.stream().mapToInt(Integer::intValue).toArray());
    }

    /**
     * Start and end that cut the same positions once some are removed.
     *
     * @param extent extent before
     * @param kept positions of the axis that are kept, ascending
     */
    public long[] after(int extent, int[] kept) {
        int[] cut = positions(extent).orElseThrow();
        boolean forward = step.orElse(1L) > 0;
        int[] left = Arrays.stream(cut)
                .map(position -> Arrays.binarySearch(kept, position))
                .filter(index -> index >= 0)
                .toArray();
        if (left.length == 0) {
            return new long[] {0, 0};
        }
        long first = left[0];
        long last = left[left.length - 1];
        long end = forward ? last + 1 : last - 1;
        return new long[] {first, end < 0 ? -1L - kept.length : end};
    }

    /** Whether given bounds, clamped as the operator does, cut the same as the wanted ones. */
    public boolean cuts(Optional<Dim> foundStart, Optional<Dim> foundEnd, int extent, long[] wanted) {
        if (!isNumber(foundStart) || !isNumber(foundEnd)) {
            return false;
        }
        Optional<int[]> found = new SliceRange(axis, foundStart.map(Dim::constant), foundEnd.map(Dim::constant), step)
                .positions(extent);
        Optional<int[]> needed =
                new SliceRange(axis, Optional.of(wanted[0]), Optional.of(wanted[1]), step).positions(extent);
        return found.isPresent() && needed.isPresent() && Arrays.equals(found.get(), needed.get());
    }

    private static boolean isNumber(Optional<Dim> element) {
        return element.filter(Dim::isConstant).isPresent();
    }

    private static long clamp(long position, long lowest, int extent, boolean forward) {
        return Math.max(lowest, Math.min(position, forward ? extent : extent - 1L));
    }
}
