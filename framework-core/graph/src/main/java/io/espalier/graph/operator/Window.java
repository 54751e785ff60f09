package io.espalier.graph.operator;

import io.espalier.graph.symbol.Dim;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The window of one convolution or pool, with all paddings as numbers.
 *
 * @param kernel extents
 * @param strides how far it moves at a time
 * @param dilations how far its positions lie apart
 * @param pads zeros before each axis, then behind each axis
 * @param groups how many groups of channels there are
 */
record Window(List<Long> kernel, List<Long> strides, List<Long> dilations, List<Long> pads, long groups) {

    /** The window of a convolution. */
    static Window of(NodeView view, List<Dim> weight) {
        if (!weight.stream().allMatch(Dim::isConstant)) {
            throw new MisfitException("the shape of its weight is open");
        }
        return of(
                view,
                weight.subList(2, weight.size()).stream().map(Dim::constant).toList(),
                true);
    }

    /** The window of a pool. */
    static Window ofPool(NodeView view) {
        return of(view, view.node().intsAttribute("kernel_shape").orElseThrow(), false);
    }

    private static Window of(NodeView view, List<Long> kernel, boolean grouped) {
        int axes = kernel.size();
        List<Long> strides = view.node().intsAttribute("strides").orElse(Collections.nCopies(axes, 1L));
        List<Long> dilations = view.node().intsAttribute("dilations").orElse(Collections.nCopies(axes, 1L));
        long groups = grouped ? view.node().intAttribute("group", 1) : 1;
        return new Window(kernel, strides, dilations, pads(view, kernel, strides, dilations), groups);
    }

    private static List<Long> pads(NodeView view, List<Long> kernel, List<Long> strides, List<Long> dilations) {
        int axes = kernel.size();
        String auto = view.node().textAttribute("auto_pad", "NOTSET");
        Optional<List<Long>> given = view.node().intsAttribute("pads");
        if (!auto.startsWith("SAME")) {
            return auto.equals("VALID")
                    ? Collections.nCopies(2 * axes, 0L)
                    : given.orElse(Collections.nCopies(2 * axes, 0L));
        }
        List<Long> before = new ArrayList<>();
        List<Long> behind = new ArrayList<>();
        for (int axis = 0; axis < axes; axis++) {
            long total = same(view, axis, (kernel.get(axis) - 1) * dilations.get(axis) + 1, strides.get(axis));
            long smaller = total / 2;
            before.add(auto.endsWith("UPPER") ? smaller : total - smaller);
            behind.add(auto.endsWith("UPPER") ? total - smaller : smaller);
        }
        before.addAll(behind);
        return before;
    }

    private static long same(NodeView view, int axis, long span, long stride) {
        if (stride == 1) {
            return span - 1;
        }
        Dim input = view.shape(0).orElseThrow().get(axis + 2);
        if (!input.isConstant()) {
            throw new MisfitException("its padding follows from an extent that is open");
        }
        long moves = Math.floorDiv(input.constant() + stride - 1, stride) - 1;
        return Math.max(0, moves * stride + span - input.constant());
    }

    /** The extent that a result spreads back to along a spatial axis. */
    Dim spread(int axis, Dim result) {
        long padding = pads.get(axis) + pads.get(axis + kernel.size());
        return result.plus(-1).times(strides.get(axis)).plus(span(axis) - padding);
    }

    /** Positions from the first to the last one that the window covers. */
    long span(int axis) {
        return (kernel.get(axis) - 1) * dilations.get(axis) + 1;
    }

    /** Whether the gradient by the operand is a convolution with stride 1. */
    boolean canTurn() {
        return IntStream.range(0, pads.size()).allMatch(i -> pads.get(i) < span(i % kernel.size()));
    }

    /** The window with which a gradient is convolved. */
    Window turned() {
        List<Long> complements = IntStream.range(0, pads.size())
                .mapToObj(i -> span(i % kernel.size()) - 1 - pads.get(i))
                .toList();
        return new Window(kernel, strides, dilations, complements, groups);
    }

    /** All positions of the window, the last axis running fastest. */
    List<long[]> positions() {
        List<long[]> positions = new ArrayList<>();
        positions.add(new long[0]);
        for (long extent : kernel) {
            List<long[]> longer = new ArrayList<>();
            for (long[] position : positions) {
                for (long i = 0; i < extent; i++) {
                    long[] next = Arrays.copyOf(position, position.length + 1);
                    next[position.length] = i;
                    longer.add(next);
                }
            }
            positions = longer;
        }
        return positions;
    }
}
