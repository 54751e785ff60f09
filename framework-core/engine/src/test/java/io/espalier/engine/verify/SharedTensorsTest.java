package io.espalier.engine.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.espalier.engine.cost.RemovalCosts;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.verify.Verification.Outcome;
import io.espalier.graph.cost.CostModel;
import io.espalier.graph.operator.Operators;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.model.GraphBuilder;
import io.espalier.testkit.model.Window;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * One tensor is read by several operators in any roles, directly or through operators that only rearrange it, because a
 * layer is applied twice or because an exporter stored equal tensors once: whatever is removed verifies.
 */
final class SharedTensorsTest {

    private static final long GRAPHS = 24;
    private static final int REMOVALS = 2;
    private static final int WIDTH = 6;

    @TestFactory
    Stream<DynamicTest> filters() {
        return tests(new long[] {WIDTH, WIDTH, 3, 3});
    }

    @TestFactory
    Stream<DynamicTest> matrices() {
        return tests(new long[] {WIDTH, WIDTH});
    }

    @TestFactory
    Stream<DynamicTest> vectors() {
        return tests(new long[] {WIDTH});
    }

    private static Stream<DynamicTest> tests(long[] shape) {
        return LongStream.range(0, GRAPHS)
                .mapToObj(seed -> dynamicTest("seed " + seed, () -> check(new Generator(seed, shape).graph())));
    }

    private static void check(Graph graph) {
        TestingPruning pruning = TestingPruning.of(graph);
        CostModel costs = CostModel.of(graph, pruning.shapes(), Operators.standard(), Map.of());
        for (long seed = 0; seed < REMOVALS; seed++) {
            Removal removal = pruning.randomRemoval(seed);
            assertThat(removal.isEmpty()).as("nothing is removed").isFalse();
            Graph cut = pruning.cut(removal);
            Verification found = pruning.verify(removal, cut);
            assertThat(found.outcome())
                    .as("removal %d: %s%n%s", seed, found, graph.nodes())
                    .isEqualTo(Outcome.PROVED);
            assertThat(RemovalCosts.of(costs, pruning.coupling()).of(removal).bytes())
                    .isEqualTo(
                            CostModel.under(cut, Operators.standard().infer(cut), Operators.standard(), costs.symbols())
                                    .total()
                                    .bytes());
        }
    }

    /** Branches of layers of their own around the readers of the tensor; the output is the sum of all branches. */
    private static final class Generator {

        private final Random random;
        private final GraphBuilder graph;
        private final String tensor;
        private final String input;
        private final String ids;
        private final int rank;

        Generator(long seed, long[] shape) {
            this.random = new Random(seed);
            this.graph = new GraphBuilder("shared", seed);
            this.rank = shape.length;
            this.input = rank == 4 ? graph.input("x", "batch", 4, 5, 5) : graph.input("x", "batch", WIDTH, 4);
            this.ids = rank == 2 ? graph.input("ids", DataType.INT64, "batch", WIDTH) : "";
            this.tensor = switch (random.nextInt(3)) {
                case 0 -> filled(0, shape);
                case 1 -> filled(0.5f, shape);
                default -> graph.normal("tensor", 0.4, shape);
            };
        }

        private String filled(float value, long... shape) {
            float[] values = new float[(int) LongStream.of(shape).reduce(1, Math::multiplyExact)];
            Arrays.fill(values, value);
            return graph.constant(
                    "tensor", Tensors.floats(LongStream.of(shape).boxed().toList(), values));
        }

        Graph graph() {
            String sum = layer("beside.out", graph.relu(layer("beside", input, WIDTH)), 3);
            String before = "";
            int readers = 2 + random.nextInt(3);
            for (int i = 0; i < readers; i++) {
                boolean stacked = !before.isEmpty() && random.nextInt(3) == 0;
                String x = stacked ? before : graph.relu(layer("in" + i, input, WIDTH));
                before = graph.relu(used(x, read()));
                sum = graph.add(sum, layer("out" + i, before, 3));
            }
            return graph.output(sum).build();
        }

        private String layer(String name, String x, long out) {
            return rank == 4 ? graph.conv(name, x, out, Window.same(1)) : graph.linear(name, x, out);
        }

        private String read() {
            Object[] shape = IntStream.range(0, rank)
                    .mapToObj(axis -> graph.extent(tensor, axis))
                    .toArray();
            return switch (random.nextInt(6)) {
                case 0 -> graph.unary("Identity", tensor);
                case 1 -> graph.follow(graph.node("Cast", List.of(tensor), "to", 1), shape);
                case 2 ->
                    graph.reshape(
                            tensor,
                            Stream.of(shape).mapToLong(each -> (long) each).toArray());
                case 3 -> rank == 1 ? tensor : turned();
                default -> tensor;
            };
        }

        private String turned() {
            List<Long> order = LongStream.range(0, rank).boxed().collect(Collectors.toList());
            Collections.swap(order, 0, 1);
            return graph.transpose(
                    tensor, order.stream().mapToLong(Long::longValue).toArray());
        }

        private String used(String x, String read) {
            return switch (rank) {
                case 4 -> filtered(x, read);
                case 2 -> multiplied(x, read);
                default -> shifted(x, read);
            };
        }

        private String filtered(String x, String read) {
            Window window = Window.same(3);
            return switch (random.nextInt(3)) {
                case 0 -> graph.conv(x, read, "", window);
                case 1 -> graph.conv(x, read, graph.normal("bias of " + read + x, 0.1, WIDTH), window);
                default ->
                    graph.follow(
                            graph.node(
                                    "ConvTranspose",
                                    List.of(x, read),
                                    "kernel_shape",
                                    new long[] {3, 3},
                                    "pads",
                                    new long[] {1, 1, 1, 1}),
                            "batch",
                            WIDTH,
                            5,
                            5);
            };
        }

        private String multiplied(String x, String read) {
            return switch (random.nextInt(5)) {
                case 0 -> graph.add(x, read);
                case 1 -> graph.mul(x, read);
                case 2 ->
                    graph.add(
                            x,
                            graph.follow(graph.node("Gather", List.of(read, ids), "axis", 0), "batch", WIDTH, WIDTH));
                case 3 -> graph.matMul(read, x);
                default -> graph.matMul(x, read);
            };
        }

        private String shifted(String x, String read) {
            return switch (random.nextInt(5)) {
                case 0 -> graph.add(x, read);
                case 1 -> graph.mul(x, read);
                case 2 -> graph.matMul(x, graph.reshape(read, WIDTH, 1));
                case 3 ->
                    graph.follow(
                            graph.node("LayerNormalization", List.of(x, read, tensor), "axis", -1),
                            "batch",
                            WIDTH,
                            WIDTH);
                default -> graph.matMul(graph.unsqueeze(graph.mean(x, false, 2), 2), graph.reshape(read, 1, WIDTH));
            };
        }
    }
}
