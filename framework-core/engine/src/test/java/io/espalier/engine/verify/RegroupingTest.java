package io.espalier.engine.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.verify.Verification.Outcome;
import io.espalier.spi.graph.Graph;
import io.espalier.testkit.model.GraphBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Channels divided and turned around at random, in several branches that meet again: whatever can be removed, and leaves
 * something of every value, verifies.
 *
 * <p>The system property {@code espalier.randomGraphs} says how many graphs are tried.
 */
final class RegroupingTest {

    private static final long RANDOM_GRAPHS = Long.getLong("espalier.randomGraphs", 150);
    private static final long CHOICES = 2;
    /** Bundles of columns that overlapped were offered here: each was even, both together were not. */
    private static final long OVERLAPPING = 1402;

    private static final long[][] SHAPES = {{24}, {4, 6}, {6, 4}, {2, 12}, {3, 8}, {2, 3, 4}, {4, 3, 2}, {2, 2, 6}};

    @TestFactory
    Stream<DynamicTest> whatCanBeRemovedVerifies() {
        return LongStream.concat(LongStream.range(0, RANDOM_GRAPHS), LongStream.of(OVERLAPPING))
                .mapToObj(seed -> dynamicTest("seed " + seed, () -> check(seed)));
    }

    @Test
    void somethingCanBeRemovedFromMostGraphs() {
        long removals = LongStream.range(0, RANDOM_GRAPHS)
                .mapToObj(seed -> TestingPruning.of(graph(seed)))
                .flatMap(pruning -> LongStream.range(0, CHOICES).mapToObj(pruning::randomRemoval))
                .filter(removal -> !removal.isEmpty())
                .count();
        assertThat(removals).isGreaterThan(CHOICES * RANDOM_GRAPHS / 2);
    }

    private static void check(long seed) {
        Graph graph = graph(seed);
        try {
            TestingPruning pruning = TestingPruning.of(graph);
            for (long choice = 0; choice < CHOICES; choice++) {
                Removal removal = pruning.randomRemoval(choice);
                if (!removal.isEmpty()) {
                    Verification found = pruning.prove(removal);
                    assertThat(found.outcome()).as(found.toString()).isEqualTo(Outcome.PROVED);
                }
            }
        } catch (IllegalStateException | AssertionError defect) {
            throw new AssertionError("seed " + seed + ": " + defect.getMessage() + "\n" + describe(graph), defect);
        }
    }

    private static String describe(Graph graph) {
        return graph.nodes().stream()
                .map(node -> node.operator() + node.inputs() + " -> " + node.outputs() + " " + node.attributes())
                .collect(Collectors.joining("\n"));
    }

    private static Graph graph(long seed) {
        Random random = new Random(seed);
        GraphBuilder graph = new GraphBuilder("regrouping", seed);
        String x = graph.relu(graph.gemm("embed", graph.input("x", "batch", 7), 24));
        List<String> values = new ArrayList<>(List.of(x));
        for (int step = 0; step < 4; step++) {
            String from = values.get(random.nextInt(values.size()));
            String other = values.get(random.nextInt(values.size()));
            values.add(
                    switch (random.nextInt(7)) {
                        case 0 -> graph.relu(graph.gemm("layer" + step, picked(graph, from, other, random), 24));
                        case 1 -> met(graph, from, other, random);
                        case 2 -> concatenated(graph, from, other, random);
                        case 3 -> multiplied(graph, from, other, random);
                        case 4 -> mapped(graph, "map" + step, random);
                        default -> turned(graph, from, random);
                    });
        }
        // The head reads every value, so that nothing can be removed without effect.
        values.add(graph.add(values.get(values.size() - 1), values.get(1)));
        return graph.output(graph.gemm("head", graph.concat(1, values.toArray(String[]::new)), 3))
                .build();
    }

    private static long[] shape(Random random) {
        return SHAPES[random.nextInt(SHAPES.length)];
    }

    private static String divided(GraphBuilder graph, String x, long... shape) {
        long[] target = new long[shape.length + 1];
        System.arraycopy(shape, 0, target, 1, shape.length);
        return graph.reshape(x, target);
    }

    private static String flat(GraphBuilder graph, String x) {
        return graph.reshape(x, 0, 24);
    }

    private static String turned(GraphBuilder graph, String x, Random random) {
        return flat(graph, permuted(graph, divided(graph, x, shape(random)), random));
    }

    private static String permuted(GraphBuilder graph, String x, Random random) {
        List<Integer> axes = new ArrayList<>();
        for (int axis = 1; axis < graph.rank(x); axis++) {
            axes.add(axis);
        }
        Collections.shuffle(axes, random);
        axes.add(0, 0);
        return graph.transpose(x, axes.stream().mapToLong(Integer::longValue).toArray());
    }

    /** Two values are added in one of the shapes. */
    private static String met(GraphBuilder graph, String left, String right, Random random) {
        long[] shape = shape(random);
        return flat(graph, graph.add(divided(graph, left, shape), divided(graph, right, shape)));
    }

    /** Halves of two values along one axis. */
    private static String concatenated(GraphBuilder graph, String left, String right, Random random) {
        long[] shape = SHAPES[new int[] {1, 2, 3, 5, 7}[random.nextInt(5)]];
        int axis = 1
                + (int) Arrays.stream(shape)
                        .takeWhile(extent -> extent % 2 != 0)
                        .count();
        String first = graph.slice(divided(graph, left, shape), axis, 0, shape[axis - 1] / 2, 1);
        String second = graph.slice(divided(graph, right, shape), axis, 0, shape[axis - 1] / 2, 1);
        return flat(graph, graph.concat(axis, first, second));
    }

    /** Some positions of a value, or all of two. */
    private static String picked(GraphBuilder graph, String from, String other, Random random) {
        return switch (random.nextInt(4)) {
            case 0 ->
                graph.gather(from, 1, random.ints(10, 0, 24).asLongStream().toArray());
            case 1 -> graph.slice(from, 1, random.nextInt(8), 9 + random.nextInt(16), 1);
            case 2 -> graph.concat(1, from, other);
            default -> from;
        };
    }

    /** A matrix whose rows and columns are made by layers of their own, so that either go without the other. */
    private static String mapped(GraphBuilder graph, String name, Random random) {
        long[] shape = SHAPES[1 + random.nextInt(4)];
        String matrix = graph.reshape(graph.gemm(name, "x", 21), 0, 3, 7);
        String columns = graph.linear(name + ".columns", matrix, shape[1]);
        return flat(
                graph,
                graph.transpose(graph.linear(name + ".rows", graph.transpose(columns, 0, 2, 1), shape[0]), 0, 2, 1));
    }

    /** Two values as matrices, batch by batch where there are three factors. */
    private static String multiplied(GraphBuilder graph, String left, String right, Random random) {
        boolean batches = random.nextBoolean();
        long[] shape = batches ? new long[] {2, 3, 4} : new long[] {4, 6};
        String a = divided(graph, left, shape);
        String b = divided(graph, right, shape);
        String turned = batches ? graph.transpose(b, 0, 1, 3, 2) : graph.transpose(b, 0, 2, 1);
        String map = graph.mul(graph.matMul(a, turned), graph.scalar(0.2));
        return flat(graph, graph.matMul(map, a));
    }
}
