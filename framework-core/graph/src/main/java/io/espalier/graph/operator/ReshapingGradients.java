package io.espalier.graph.operator;

import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Gradients of operators that move elements without choosing among them: the elements of the gradient move back. */
final class ReshapingGradients {

    private ReshapingGradients() {}

    static void regroup(Backward b) {
        b.put(0, b.reshapeLike(b.gradient(), b.input(0)));
    }

    static void transpose(Backward b) {
        int rank = b.rank(0);
        int[] inverse = new int[rank];
        List<Long> permutation = b.node().intsAttribute("perm").orElse(null);
        for (int axis = 0; axis < rank; axis++) {
            inverse[permutation == null ? rank - 1 - axis : NodeView.normalise(permutation.get(axis), rank)] = axis;
        }
        b.put(0, b.transpose(b.gradient(), inverse));
    }

    static void depthToSpace(Backward b) {
        String deep = blocks(b, "SpaceToDepth");
        boolean columnsFirst = b.node().textAttribute("mode", "DCR").equalsIgnoreCase("CRD");
        b.put(0, columnsFirst ? b.gather(deep, b.vector(blockPositions(b)), 1) : deep);
    }

    /** Where the channels that are counted block by block lie when the blocks of a channel are neighbours. */
    private static long[] blockPositions(Backward b) {
        Dim channels = b.shape(0).get(1);
        if (!channels.isConstant()) {
            throw new MisfitException("the number of channels is open");
        }
        long block = b.node().intAttribute("blocksize", 1);
        long blocks = block * block;
        long each = channels.constant() / blocks;
        long[] positions = new long[(int) channels.constant()];
        for (int channel = 0; channel < positions.length; channel++) {
            positions[channel] = channel % blocks * each + channel / blocks;
        }
        return positions;
    }

    static void spaceToDepth(Backward b) {
        b.put(0, blocks(b, "DepthToSpace"));
    }

    private static String blocks(Backward b, String inverse) {
        long size = b.node().intAttribute("blocksize", 1);
        return b.compute(inverse, List.of(b.gradient()), Map.of("blocksize", new Attribute.Int(size)));
    }

    static void concatenate(Backward b) {
        int count = b.node().inputs().size();
        int axis = b.view().axis("axis", 0, b.rank(0));
        boolean known = IntStream.range(0, count)
                .allMatch(slot -> b.shape(slot).get(axis).isConstant());
        String extents;
        if (known) {
            extents = b.vector(IntStream.range(0, count)
                    .mapToLong(slot -> b.shape(slot).get(axis).constant())
                    .toArray());
        } else {
            extents = b.concatenate(
                    0,
                    IntStream.range(0, count)
                            .mapToObj(slot -> b.extents(b.input(slot), axis, axis + 1))
                            .toArray(String[]::new));
        }
        List<String> parts = new ArrayList<>();
        for (int slot = 0; slot < count; slot++) {
            parts.add(b.fresh("part"));
        }
        b.add(Nodes.split(b.gradient(), extents, axis, parts));
        for (int slot = 0; slot < count; slot++) {
            b.put(slot, parts.get(slot));
        }
    }

    static void split(Backward b) {
        int axis = b.view().axis("axis", 0, b.rank(0));
        String[] parts = IntStream.range(0, b.node().outputs().size())
                .mapToObj(slot -> b.gradient(slot).orElseGet(() -> b.zerosLike(b.output(slot))))
                .toArray(String[]::new);
        b.put(0, b.concatenate(axis, parts));
    }

    /** Padding is undone by padding with negative numbers; what is not constant is a matrix along each axis. */
    static void pad(Backward b) {
        if (b.has(3)) {
            axesPad(b);
            return;
        }
        if (b.node().textAttribute("mode", "constant").equals("constant")) {
            b.put(0, b.compute(Nodes::pad, b.gradient(), negated(b, b.input(1))));
            return;
        }
        mirrored(b, b.numbers(1), IntStream.range(0, b.rank(0)).toArray());
    }

    private static void axesPad(Backward b) {
        int rank = b.rank(0);
        long[] given = b.numbers(1);
        int[] axes = Arrays.stream(b.numbers(3))
                .mapToInt(axis -> NodeView.normalise(axis, rank))
                .toArray();
        if (!b.node().textAttribute("mode", "constant").equals("constant")) {
            mirrored(b, given, axes);
            return;
        }
        long[] amounts = new long[2 * rank];
        for (int i = 0; i < axes.length; i++) {
            amounts[axes[i]] = -given[i];
            amounts[axes[i] + rank] = -given[i + axes.length];
        }
        b.put(0, b.compute(Nodes::pad, b.gradient(), b.vector(amounts)));
    }

    private static String negated(Backward b, String amounts) {
        return b.view()
                .numbers(1)
                .map(known -> b.vector(Arrays.stream(known).map(each -> -each).toArray()))
                .orElseGet(() -> b.negate(amounts));
    }

    private static void mirrored(Backward b, long[] amounts, int[] axes) {
        String gradient = b.gradient();
        for (int i = 0; i < axes.length; i++) {
            long before = amounts[i];
            long after = amounts[i + axes.length];
            if (before != 0 || after != 0) {
                String along = b.vector(before, 0, after, 0);
                gradient = AxisMatrix.back(
                        b,
                        gradient,
                        b.input(0),
                        axes[i],
                        identity -> b.compute("Pad", List.of(identity, along), mode(b.node())));
            }
        }
        b.put(0, gradient);
    }

    private static Map<String, Attribute> mode(Node node) {
        return Map.of("mode", new Attribute.Text(node.textAttribute("mode", "constant")));
    }

    static void tile(Backward b) {
        long[] repeats = b.numbers(1);
        List<Dim> shape = b.shape(0);
        long open = shape.stream().filter(extent -> !extent.isConstant()).count();
        List<Long> separated = new ArrayList<>();
        List<Long> summed = new ArrayList<>();
        for (int axis = 0; axis < repeats.length; axis++) {
            if (repeats[axis] != 1) {
                summed.add((long) separated.size());
                separated.add(repeats[axis]);
            }
            separated.add(shape.get(axis).isConstant() ? shape.get(axis).constant() : -1);
        }
        String gradient = open <= 1
                ? b.reshape(b.gradient(), longs(separated))
                : b.reshapeTo(b.gradient(), separatedAtRunTime(b, repeats));
        b.put(0, b.sum(gradient, false, longs(summed)));
    }

    private static String separatedAtRunTime(Backward b, long[] repeats) {
        List<String> parts = new ArrayList<>();
        for (int axis = 0; axis < repeats.length; axis++) {
            if (repeats[axis] != 1) {
                parts.add(b.vector(repeats[axis]));
            }
            parts.add(b.extents(b.input(0), axis, axis + 1));
        }
        return b.concatenate(0, parts.toArray(String[]::new));
    }

    private static long[] longs(List<Long> list) {
        return list.stream().mapToLong(Long::longValue).toArray();
    }

    static void expand(Backward b) {
        b.putSummed(0, b.gradient());
    }

    /** A cumulative sum is undone in the other direction. */
    static void cumulativeSum(Backward b) {
        Map<String, Attribute> attributes = new LinkedHashMap<>(b.node().attributes());
        attributes.put("reverse", new Attribute.Int(1 - b.node().intAttribute("reverse", 0)));
        b.put(0, b.compute(b.node().operator(), List.of(b.gradient(), b.input(1)), attributes));
    }

    /** What was reversed is reversed once more. */
    static void reverse(Backward b) {
        Node node = b.node();
        b.put(0, b.compute(node.operator(), List.of(b.gradient(), b.input(1)), node.attributes()));
    }
}
