package io.espalier.adapter.tflite.lift;

import io.espalier.adapter.tflite.store.Axes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.tensorflow.lite.schema.BuiltinOperator;

/** Blocks of pixels or of steps moved into the batch and back, as converters do around dilated convolutions. */
final class BlockLifts {

    /** The batch, which follows from the other extents. */
    private static final long OPEN = -1;

    private BlockLifts() {}

    static void addTo(OperatorTable table) {
        table.builtin(BuiltinOperator.SPACE_TO_BATCH_ND, BlockLifts::toBatch);
        table.builtin(BuiltinOperator.BATCH_TO_SPACE_ND, BlockLifts::toSpace);
    }

    /**
     * Blocks along some axes behind the batch.
     *
     * @param sizes of a block, by axis
     * @param margins before and after each axis: added on the way there, cut off on the way back
     */
    private record Grid(long[] sizes, long[] margins) {

        static Grid of(Draft draft) {
            Grid grid = new Grid(draft.numbers(1), draft.numbers(2));
            int axes = grid.axes();
            if (draft.rank(0) < axes + 1 || grid.margins.length != 2 * axes) {
                throw new NotLiftedException("its operands disagree");
            }
            if (LongStream.of(grid.sizes).anyMatch(size -> size < 1)) {
                throw new NotLiftedException("its blocks are empty");
            }
            return grid;
        }

        int axes() {
            return sizes.length;
        }

        long before(int axis) {
            return margins[2 * axis];
        }

        long after(int axis) {
            return margins[2 * axis + 1];
        }
    }

    /** [n, h, w, c] padded, seen as [n, h/a, a, w/b, b, c], turned to [a, b, n, h/a, w/b, c]. */
    private static void toBatch(Draft draft) {
        Grid grid = Grid.of(draft);
        int rank = draft.rank(0);
        int axes = grid.axes();
        long[] pads = new long[2 * rank];
        List<Long> cut = new ArrayList<>(List.of(OPEN));
        List<Integer> order = new ArrayList<>();
        List<Long> joined = new ArrayList<>(List.of(OPEN));
        for (int axis = 0; axis < axes; axis++) {
            pads[1 + axis] = grid.before(axis);
            pads[1 + axis + rank] = grid.after(axis);
            long blocks = (draft.extent(0, 1 + axis) + grid.before(axis) + grid.after(axis)) / grid.sizes()[axis];
            cut.addAll(List.of(blocks, grid.sizes()[axis]));
            order.add(2 + 2 * axis);
            joined.add(blocks);
        }
        order.add(0);
        for (int axis = 0; axis < axes; axis++) {
            order.add(1 + 2 * axis);
        }
        addRest(draft, axes, cut, order, joined);
        String padded = draft.emit("Pad", List.of(draft.in(0), draft.derive("pads", pads)));
        draft.implied(padded, 1);
        String blocks = regroup(draft, padded, "blocks", cut);
        draft.out(0, regroup(draft, draft.transpose(blocks, new Axes(order)), "batch", joined));
    }

    /** The way back; margins are cut off. */
    private static void toSpace(Draft draft) {
        Grid grid = Grid.of(draft);
        int axes = grid.axes();
        List<Long> cut = new ArrayList<>();
        LongStream.of(grid.sizes()).forEach(cut::add);
        cut.add(OPEN);
        List<Integer> order = new ArrayList<>(List.of(axes));
        List<Long> joined = new ArrayList<>(List.of(OPEN));
        long[] ends = new long[axes];
        for (int axis = 0; axis < axes; axis++) {
            long blocks = draft.extent(0, 1 + axis);
            cut.add(blocks);
            order.addAll(List.of(axes + 1 + axis, axis));
            joined.add(blocks * grid.sizes()[axis]);
            ends[axis] = blocks * grid.sizes()[axis] - grid.after(axis);
        }
        addRest(draft, axes, cut, order, joined);
        String blocks = regroup(draft, draft.in(0), "blocks", cut);
        String space = regroup(draft, draft.transpose(blocks, new Axes(order)), "space", joined);
        List<String> range = List.of(
                space,
                draft.derive(
                        "starts",
                        IntStream.range(0, axes).mapToLong(grid::before).toArray()),
                draft.derive("ends", ends),
                draft.derive("axes", LongStream.rangeClosed(1, axes).toArray()));
        draft.out(0, draft.emit("Slice", range));
    }

    /** The axes behind the blocks, channels for instance, are as they were. */
    private static void addRest(Draft draft, int axes, List<Long> cut, List<Integer> order, List<Long> joined) {
        for (int axis = axes + 1; axis < draft.rank(0); axis++) {
            order.add(cut.size());
            cut.add(draft.extent(0, axis));
            joined.add(draft.extent(0, axis));
        }
    }

    private static String regroup(Draft draft, String value, String role, List<Long> shape) {
        long[] extents = shape.stream().mapToLong(Long::longValue).toArray();
        String result = draft.emit("Reshape", List.of(value, draft.derive(role, extents)));
        draft.implied(result, 1);
        draft.implied(result, "allowzero");
        return result;
    }
}
