package io.espalier.graph.shape;

import io.espalier.spi.graph.Graph;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Chains of operators that move extents. Extents are tracked as numbers, those that are open at run time as well. */
final class RandomMoves {

    private static final int STEPS = 4;

    /**
     * A chain.
     *
     * @param sizes sizes of its open extents that it was made for
     * @param larger twice these
     */
    record Moved(Graph graph, Map<String, Long> sizes, Map<String, Long> larger) {}

    private final TestingGraph graph = new TestingGraph();
    private final Random random;
    private String value = "x";
    private long[] shape;
    private int names;

    private RandomMoves(Random random) {
        this.random = random;
        this.shape = new long[] {2 * (1 + random.nextInt(2)), 4L << random.nextInt(2), 8, 4L * (1 + random.nextInt(3))};
    }

    static Moved of(long seed) {
        Random random = new Random(seed);
        RandomMoves moves = new RandomMoves(random);
        Map<String, Long> sizes = new LinkedHashMap<>();
        String declared = IntStream.range(0, 4)
                .mapToObj(axis -> {
                    boolean open = random.nextBoolean();
                    if (open) {
                        sizes.put("abcd".substring(axis, axis + 1), moves.shape[axis]);
                    }
                    return open ? "abcd".substring(axis, axis + 1) : Long.toString(moves.shape[axis]);
                })
                .collect(Collectors.joining(" "));
        moves.graph.input("x", declared);
        for (int step = 0; step < STEPS; step++) {
            moves.step();
        }
        Map<String, Long> larger = new LinkedHashMap<>();
        sizes.forEach((name, size) -> larger.put(name, 2 * size));
        return new Moved(moves.graph.returns(moves.value).build(), sizes, larger);
    }

    private void step() {
        int axis = random.nextInt(shape.length);
        switch (random.nextInt(16)) {
            case 0 -> transpose();
            case 1 -> spaceToDepth();
            case 2 -> depthToSpace();
            case 3 -> merge(axis, true);
            case 4 -> merge(axis, false);
            case 5 -> divide(axis);
            case 6 -> flatten();
            case 7 -> pad(axis);
            case 8 -> slice(axis);
            case 9 -> focus(axis);
            case 10 -> split(axis);
            case 11 -> tile(axis);
            case 12 -> insertAndExpand(axis);
            case 13 -> gather(axis);
            case 14 -> resize(axis);
            default -> concat(axis);
        }
    }

    private String fresh(String prefix) {
        return prefix + names++;
    }

    private void follow(String operator, String operands, long[] result, Object... attributes) {
        String output = fresh("v");
        graph.node(operator, value + " " + operands + " -> " + output, attributes);
        value = output;
        shape = result;
    }

    private String vector(long... values) {
        String name = fresh("c");
        graph.vector(name, values);
        return name;
    }

    private long[] with(int axis, long extent) {
        long[] changed = shape.clone();
        changed[axis] = extent;
        return changed;
    }

    private void transpose() {
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, shape.length).boxed().toList());
        Collections.shuffle(order, random);
        long[] result = order.stream().mapToLong(axis -> shape[axis]).toArray();
        follow(
                "Transpose",
                "",
                result,
                "perm",
                order.stream().mapToLong(axis -> axis).toArray());
    }

    private void spaceToDepth() {
        if (shape.length == 4 && shape[2] % 2 == 0 && shape[3] % 2 == 0) {
            long[] result = {shape[0], 4 * shape[1], shape[2] / 2, shape[3] / 2};
            follow("SpaceToDepth", "", result, "blocksize", 2);
        }
    }

    private void depthToSpace() {
        if (shape.length == 4 && shape[1] % 4 == 0) {
            long[] result = {shape[0], shape[1] / 4, 2 * shape[2], 2 * shape[3]};
            follow("DepthToSpace", "", result, "blocksize", 2, "mode", random.nextBoolean() ? "DCR" : "CRD");
        }
    }

    /** Joins an axis with the next one: by -1, with the axes before copied, or by extents read when the model runs. */
    private void merge(int axis, boolean rest) {
        if (axis + 1 >= shape.length || shape.length < 3) {
            return;
        }
        long[] result = new long[shape.length - 1];
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < result.length; i++) {
            int from = i <= axis ? i : i + 1;
            result[i] = i == axis ? shape[i] * shape[i + 1] : shape[from];
            parts.add(i == axis ? (rest ? vector(-1) : product(axis)) : i < axis && rest ? vector(0) : extent(from));
        }
        follow("Reshape", joined(parts), result);
    }

    private void divide(int axis) {
        if (shape[axis] % 2 != 0 || shape.length > 5) {
            return;
        }
        boolean rest = random.nextBoolean();
        boolean outer = random.nextBoolean();
        List<String> parts = new ArrayList<>();
        long[] result = new long[shape.length + 1];
        for (int i = 0; i < result.length; i++) {
            int from = i <= axis ? i : i - 1;
            boolean two = i == (outer ? axis : axis + 1);
            boolean half = !two && (i == axis || i == axis + 1);
            result[i] = two ? 2 : half ? shape[axis] / 2 : shape[from];
            parts.add(two ? vector(2) : half ? (rest ? vector(-1) : half(axis)) : extent(from));
        }
        follow("Reshape", joined(parts), result);
    }

    private String extent(int axis) {
        String name = fresh("e");
        graph.node("Shape", value + " -> " + name, "start", axis, "end", axis + 1);
        return name;
    }

    private String product(int axis) {
        String name = fresh("e");
        graph.node("Mul", extent(axis) + " " + extent(axis + 1) + " -> " + name);
        return name;
    }

    private String half(int axis) {
        String name = fresh("e");
        graph.node("Div", extent(axis) + " " + vector(2) + " -> " + name);
        return name;
    }

    private String joined(List<String> parts) {
        String name = fresh("e");
        graph.node("Concat", String.join(" ", parts) + " -> " + name, "axis", 0);
        return name;
    }

    private void flatten() {
        int axis = random.nextInt(shape.length + 1);
        long[] result = {
            Arrays.stream(shape, 0, axis).reduce(1, Math::multiplyExact),
            Arrays.stream(shape, axis, shape.length).reduce(1, Math::multiplyExact)
        };
        follow("Flatten", "", result, "axis", axis);
    }

    private void pad(int axis) {
        long before = random.nextInt(3);
        long after = random.nextInt(3) - (shape[axis] > 4 ? 1 : 0);
        follow("Pad", vector(before, after) + " _ " + vector(axis), with(axis, shape[axis] + before + after));
    }

    private void slice(int axis) {
        long start = random.nextInt((int) Math.min(shape[axis], 3));
        long step = 1 + random.nextInt(2);
        boolean fromEnd = shape[axis] > start + 1 && random.nextBoolean();
        long end = fromEnd ? shape[axis] - 1 : shape[axis];
        String operands = vector(start) + " " + vector(fromEnd ? -1 : Long.MAX_VALUE) + " " + vector(axis);
        follow("Slice", operands + " " + vector(step), with(axis, (end - start + step - 1) / step));
    }

    /** Every second position, joined along another axis. */
    private void focus(int axis) {
        int onto = (axis + 1) % shape.length;
        if (shape[axis] % 2 != 0 || onto == axis) {
            return;
        }
        String even = fresh("v");
        String odd = fresh("v");
        for (int part = 0; part < 2; part++) {
            String range = vector(part) + " " + vector(Long.MAX_VALUE) + " " + vector(axis) + " " + vector(2);
            graph.node("Slice", value + " " + range + " -> " + (part == 0 ? even : odd));
        }
        value = even;
        long[] result = with(axis, shape[axis] / 2);
        result[onto] *= 2;
        follow("Concat", odd, result, "axis", onto);
    }

    private void split(int axis) {
        if (shape[axis] % 2 == 0) {
            String first = fresh("v");
            String second = fresh("v");
            graph.node("Split", value + " -> " + first + " " + second, "axis", axis, "num_outputs", 2);
            value = second;
            shape = with(axis, shape[axis] / 2);
        }
    }

    private void tile(int axis) {
        long[] times = new long[shape.length];
        Arrays.fill(times, 1);
        times[axis] = 2;
        follow("Tile", vector(times), with(axis, 2 * shape[axis]));
    }

    private void insertAndExpand(int axis) {
        if (shape.length > 5) {
            return;
        }
        long[] result = new long[shape.length + 1];
        System.arraycopy(shape, 0, result, 0, axis);
        System.arraycopy(shape, axis, result, axis + 1, shape.length - axis);
        result[axis] = 1;
        long[] original = shape;
        String extents = fresh("e");
        graph.node("Shape", value + " -> " + extents);
        follow("Unsqueeze", vector(axis), result);
        if (random.nextBoolean()) {
            long[] target = new long[result.length];
            Arrays.fill(target, 1);
            target[axis] = 3;
            long[] grown = result.clone();
            grown[axis] = 3;
            follow("Expand", vector(target), grown);
        } else {
            follow("Squeeze", vector(axis), original);
            follow("Expand", extents, original);
        }
    }

    private void gather(int axis) {
        follow("Gather", vector(0, -1, 0), with(axis, 3), "axis", axis);
    }

    private void resize(int axis) {
        if (shape.length > 4) {
            return;
        }
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < shape.length; i++) {
            parts.add(extent(i));
        }
        parts.set(axis, vector(5));
        follow("Resize", "_ _ " + joined(parts), with(axis, 5), "mode", "nearest");
    }

    private void concat(int axis) {
        follow("Concat", value, with(axis, 2 * shape[axis]), "axis", axis);
    }
}
