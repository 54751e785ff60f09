package io.espalier.graph.operator;

import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Gradients of operators that pick elements, or write some: what was picked is written back, and summed. */
final class GatheringGradients {

    private GatheringGradients() {}

    static void gather(Backward b) {
        int rank = b.rank(0);
        int axis = b.view().axis("axis", 0, rank);
        int indexRank = b.rank(1);
        Optional<long[]> known = b.view().numbers(1);
        if (known.isPresent() && known.get().length == 1) {
            single(b, axis, indexRank, known.get()[0]);
            return;
        }
        // The axes of the indices come first, the rest of the table behind them.
        String first = front(b, b.gradient(), axis, indexRank, rank - 1 + indexRank);
        String positions = b.unsqueeze(b.wide(b.input(1)), indexRank);
        String written = b.single(Nodes.addBlocks(b.zeros(frontExtents(b, axis)), positions, first, ""));
        b.put(0, back(b, written, axis, rank));
    }

    /** One position: zeros around what arrives. */
    private static void single(Backward b, int axis, int indexRank, long index) {
        Dim extent = b.shape(0).get(axis);
        String whole = indexRank == 0 ? b.unsqueeze(b.gradient(), axis) : b.reshapeTo(b.gradient(), oneAt(b, axis));
        if (!extent.isConstant()) {
            b.put(0, placed(b, whole, axis, b.vector(index)));
            return;
        }
        long position = index < 0 ? index + extent.constant() : index;
        long[] amounts = new long[2 * b.rank(0)];
        amounts[axis] = position;
        amounts[axis + b.rank(0)] = extent.constant() - position - 1;
        b.put(0, b.compute(Nodes::pad, whole, b.vector(amounts)));
    }

    private static String oneAt(Backward b, int axis) {
        List<Dim> shape = new ArrayList<>(b.shape(0));
        shape.set(axis, Dim.ONE);
        long open = shape.stream().filter(extent -> !extent.isConstant()).count();
        if (open <= 1) {
            return b.vector(shape.stream()
                    .mapToLong(extent -> extent.isConstant() ? extent.constant() : -1)
                    .toArray());
        }
        String[] parts = IntStream.range(0, shape.size())
                .mapToObj(i -> i == axis ? b.vector(1) : b.extents(b.input(0), i, i + 1))
                .toArray(String[]::new);
        return b.concatenate(0, parts);
    }

    /** Written to one position of an axis whose extent is open. */
    private static String placed(Backward b, String value, int axis, String position) {
        int rank = b.rank(0);
        int[] permutation = frontPermutation(axis, 1, rank);
        String first = b.transpose(value, permutation);
        String written =
                b.single(Nodes.addBlocks(b.zeros(frontExtents(b, axis)), b.reshape(position, 1, 1), first, ""));
        return back(b, written, axis, rank);
    }

    private static String front(Backward b, String value, int axis, int count, int rank) {
        return axis == 0 || count == 0 && rank == 0 ? value : b.transpose(value, frontPermutation(axis, count, rank));
    }

    private static int[] frontPermutation(int axis, int count, int rank) {
        return IntStream.concat(
                        IntStream.range(axis, axis + count),
                        IntStream.range(0, rank).filter(i -> i < axis || i >= axis + count))
                .toArray();
    }

    private static String frontExtents(Backward b, int axis) {
        if (axis == 0) {
            return b.extents(b.input(0));
        }
        long[] order = IntStream.of(frontPermutation(axis, 1, b.rank(0)))
                .asLongStream()
                .toArray();
        return b.gather(b.extents(b.input(0)), b.vector(order), 0);
    }

    private static String back(Backward b, String value, int axis, int rank) {
        if (axis == 0) {
            return value;
        }
        int[] permutation = frontPermutation(axis, 1, rank);
        int[] inverse = new int[rank];
        for (int i = 0; i < rank; i++) {
            inverse[permutation[i]] = i;
        }
        return b.transpose(value, inverse);
    }

    static void gatherElements(Backward b) {
        long axis = b.node().intAttribute("axis", 0);
        b.put(0, b.single(Nodes.addElements(b.zerosLike(b.input(0)), b.input(1), b.gradient(), axis, "")));
    }

    static void gatherBlocks(Backward b) {
        int batches = (int) b.node().intAttribute("batch_dims", 0);
        String indices = batches == 0 ? b.input(1) : withBatches(b, batches);
        b.put(0, b.single(Nodes.addBlocks(b.zerosLike(b.input(0)), indices, b.gradient(), "")));
    }

    /** Indices with those of the batch axes before them. */
    private static String withBatches(Backward b, int batches) {
        int rank = b.rank(1);
        String extents = b.concatenate(0, b.extents(b.input(1), 0, rank - 1), b.vector(1));
        String[] all = new String[batches + 1];
        all[batches] = b.input(1);
        for (int axis = 0; axis < batches; axis++) {
            String count = b.squeeze(b.extents(b.input(1), axis, axis + 1), 0);
            String numbers = b.compute("Range", List.of(b.constantIndex(0), count, b.constantIndex(1)), Map.of());
            int own = axis;
            long[] others = IntStream.range(0, rank)
                    .filter(each -> each != own)
                    .asLongStream()
                    .toArray();
            all[axis] = b.compute(Nodes::expand, b.unsqueeze(numbers, others), extents);
        }
        return b.concatenate(-1, all);
    }

    /** Ranges with step 1 get zeros around them; others are written back by the transpose of what picks them. */
    static void slice(Backward b) {
        int rank = b.rank(0);
        long[] starts = b.has(1) ? b.view().numbers(1).orElse(null) : new long[0];
        int[] axes = axes(b, rank);
        Optional<long[]> steps = b.has(4) ? b.view().numbers(4) : Optional.of(ones(axes.length));
        boolean plain = starts != null
                && steps.isPresent()
                && Arrays.stream(steps.get()).allMatch(step -> step == 1)
                && IntStream.range(0, axes.length).allMatch(i -> placeable(b, axes[i], starts[i]));
        if (!plain) {
            sliceByMatrices(b, axes);
            return;
        }
        boolean open = Arrays.stream(axes)
                .anyMatch(axis -> !b.shape(0).get(axis).isConstant()
                        || !b.shapeOf(b.output(0)).get(axis).isConstant());
        b.put(
                0,
                b.compute(
                        Nodes::pad,
                        b.gradient(),
                        open ? amountsAtRunTime(b, axes, starts) : b.vector(amounts(b, axes, starts))));
    }

    private static boolean placeable(Backward b, int axis, long start) {
        return start >= 0 || b.shape(0).get(axis).isConstant() || start == -1;
    }

    private static int[] axes(Backward b, int rank) {
        if (!b.has(3)) {
            return IntStream.range(0, (int) b.shape(1).get(0).constant()).toArray();
        }
        return Arrays.stream(b.numbers(3))
                .mapToInt(axis -> NodeView.normalise(axis, rank))
                .toArray();
    }

    private static long[] ones(int count) {
        long[] ones = new long[count];
        Arrays.fill(ones, 1);
        return ones;
    }

    private static long[] amounts(Backward b, int[] axes, long[] starts) {
        int rank = b.rank(0);
        long[] amounts = new long[2 * rank];
        for (int i = 0; i < axes.length; i++) {
            long extent = b.shape(0).get(axes[i]).constant();
            long taken = b.shapeOf(b.output(0)).get(axes[i]).constant();
            long start = Math.min(Math.max(starts[i] < 0 ? starts[i] + extent : starts[i], 0), extent);
            amounts[axes[i]] = start;
            amounts[axes[i] + rank] = extent - start - taken;
        }
        return amounts;
    }

    /** Amounts before are the starts; amounts behind are what is left. */
    private static String amountsAtRunTime(Backward b, int[] axes, long[] starts) {
        int rank = b.rank(0);
        long[] before = new long[rank];
        long[] negative = new long[rank];
        for (int i = 0; i < axes.length; i++) {
            before[axes[i]] = starts[i];
            negative[axes[i]] = starts[i] < 0 && !b.shape(0).get(axes[i]).isConstant() ? 1 : 0;
            if (starts[i] < 0 && negative[axes[i]] == 0) {
                before[axes[i]] = starts[i] + b.shape(0).get(axes[i]).constant();
            }
        }
        String all = b.compute(Nodes::extents, b.input(0));
        String first = b.vector(before);
        if (Arrays.stream(negative).anyMatch(each -> each != 0)) {
            first = b.add(first, b.multiply(all, b.vector(negative)));
        }
        String rest = b.subtract(b.subtract(all, first), b.compute(Nodes::extents, b.gradient()));
        return b.concatenate(0, first, rest);
    }

    private static void sliceByMatrices(Backward b, int[] axes) {
        String gradient = b.gradient();
        for (int i = 0; i < axes.length; i++) {
            List<String> ranges = new ArrayList<>();
            for (int slot = 1; slot < 5; slot++) {
                ranges.add(slot == 3 ? b.vector(0) : b.has(slot) ? one(b, b.input(slot), i) : b.vector(1));
            }
            gradient = AxisMatrix.back(
                    b, gradient, b.input(0), axes[i], identity -> b.single(Nodes.slice(identity, ranges, "")));
        }
        b.put(0, gradient);
    }

    private static String one(Backward b, String vector, int index) {
        return b.gather(vector, b.vector(index), 0);
    }

    /** The largest elements know where they came from. */
    static void largest(Backward b) {
        long axis = b.node().intAttribute("axis", -1);
        b.put(0, b.single(Nodes.addElements(b.zerosLike(b.input(0)), b.output(1), b.gradient(), axis, "")));
    }

    /** What was left out gets zeros, by the transpose of what picks the rest. */
    static void compress(Backward b) {
        if (!b.node().attributes().containsKey("axis")) {
            compressFlat(b);
            return;
        }
        Map<String, Attribute> first = new LinkedHashMap<>(Map.of("axis", new Attribute.Int(0)));
        int axis = b.view().axis("axis", 0, b.rank(0));
        b.put(
                0,
                AxisMatrix.back(
                        b,
                        b.gradient(),
                        b.input(0),
                        axis,
                        identity -> b.single(
                                Node.of(b.node().operator(), List.of(identity, b.input(1)), List.of(""), first))));
    }

    /** What occurs several times is read where it occurs first. */
    static void unique(Backward b) {
        if (!b.node().attributes().containsKey("axis")) {
            writtenInARow(b, b.output(1));
            return;
        }
        int axis = b.view().axis("axis", 0, b.rank(0));
        b.put(0, AxisMatrix.back(b, b.gradient(), b.input(0), axis, identity -> b.gather(identity, b.output(1), 0)));
    }

    /** Of all elements in a row: each picked one is put back where it was. */
    private static void compressFlat(Backward b) {
        writtenInARow(b, b.reshape(b.compute(Nodes::nonZero, b.input(1)), -1));
    }

    private static void writtenInARow(Backward b, String positions) {
        String zeros = b.zeros(b.reshape(b.compute(Nodes::size, b.input(0)), 1));
        String flat = b.single(Nodes.addElements(zeros, positions, b.gradient(), 0, ""));
        b.put(0, b.reshapeLike(flat, b.input(0)));
    }
}
