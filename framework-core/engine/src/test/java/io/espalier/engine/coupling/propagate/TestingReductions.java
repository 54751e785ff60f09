package io.espalier.engine.coupling.propagate;

import static io.espalier.engine.coupling.propagate.TestingOperators.FLOAT;
import static io.espalier.engine.coupling.propagate.TestingOperators.cast;
import static io.espalier.engine.coupling.propagate.TestingOperators.like;

import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.model.GraphBuilder;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Graphs for reductions: along other axes than channels, and along channels. */
final class TestingReductions {

    private final TestingOperators operators;

    TestingReductions(TestingOperators operators) {
        this.operators = operators;
    }

    void add() {
        List<String> linear = List.of("ReduceSum", "ReduceSumSquare", "ReduceL1", "ReduceL2", "ReduceMean");
        List<String> extremes = List.of("ReduceMax", "ReduceMin");
        List<String> others = List.of("ReduceProd", "ReduceLogSum", "ReduceLogSumExp");
        linear.forEach(operator -> {
            operators.image(operator, "space", (graph, x) -> reduce(graph, operator, positive(graph, x), 2, 3));
            operators.image(operator, "channels", (graph, x) -> gated(graph, operator, x));
        });
        extremes.forEach(operator -> {
            operators.image(operator, "space", (graph, x) -> reduce(graph, operator, x, 2, 3));
            operators.image(operator, "channels that are features", (graph, x) -> gated(graph, operator, x));
            operators.image(operator, "heads of features", (graph, x) -> gatedRows(graph, operator, x));
            operators.blockedImage(
                    operator, "channels that are candidates", (graph, x) -> reduce(graph, operator, x, 1));
        });
        others.forEach(operator -> {
            operators.image(operator, "space", (graph, x) -> reduce(graph, operator, positive(graph, x), 2, 3));
            operators.blockedImage(operator, "channels", (graph, x) -> gated(graph, operator, positive(graph, x)));
        });
        pieces(linear);
        pieces(extremes);
        for (String operator : List.of("ArgMax", "ArgMin")) {
            operators.image(operator, "space", (graph, x) -> cast(graph, argument(graph, operator, x, 2), FLOAT));
            operators.blockedImage(
                    operator,
                    "channels",
                    (graph, x) -> graph.mul(x, cast(graph, argument(graph, operator, x, 1), FLOAT)));
        }
        operators.image("CumSum", "space", (graph, x) -> like(graph, x, "CumSum", List.of(x, axis(graph, 2))));
        operators.blockedImage(
                "CumSum", "channels", (graph, x) -> like(graph, x, "CumSum", List.of(x, axis(graph, 1))));
        operators.image("TopK", "space", (graph, x) -> largest(graph, x, 3));
        operators.blockedImage("TopK", "channels", (graph, x) -> largest(graph, x, 1));
        operators.image("GatherElements", "space", (graph, x) -> pickEach(graph, x, 3, 6));
        operators.image("GatherElements", "one row for all", (graph, x) -> pickEach(graph, x, 3, 2));
        operators.blockedImage("GatherElements", "channels", (graph, x) -> {
            String indices = graph.input("indices", DataType.INT64, "batch", 6, 6, 6);
            return graph.follow(graph.node("GatherElements", List.of(x, indices), "axis", 1), "batch", 6, 6, 6);
        });
        placements();
        for (String operator : List.of("Softmax", "LogSoftmax", "Hardmax", "espalier.Whole")) {
            operators.image(operator, "space", (graph, x) -> like(graph, x, operator, "axis", 3));
            operators.blockedImage(operator, "channels", (graph, x) -> like(graph, x, operator, "axis", 1));
        }
    }

    private static String largest(GraphBuilder graph, String x, int axis) {
        Object[] shape = graph.shape(x).toArray();
        shape[axis] = 4;
        return graph.follow(
                graph.nodes("TopK", List.of(x, graph.longs(4)), 2, "axis", axis).get(0), shape);
    }

    /** Positions are picked by the order of values made of what is picked from. */
    private static String pickEach(GraphBuilder graph, String x, int axis, long count) {
        Object[] shape = graph.shape(x).toArray();
        shape[axis] = count;
        String order = order(graph, x, axis, count);
        return graph.follow(graph.node("GatherElements", List.of(x, order), "axis", axis), shape);
    }

    private static String order(GraphBuilder graph, String x, int axis, long count) {
        Object[] shape = graph.shape(x).toArray();
        shape[axis] = count;
        String order = graph.nodes("TopK", List.of(x, graph.longs(count)), 2, "axis", axis)
                .get(1);
        return graph.follow(order, shape);
    }

    private void placements() {
        operators.image("ScatterElements", "space", (graph, x) -> {
            String order = order(graph, x, 3, 6);
            return like(graph, x, "ScatterElements", List.of(graph.relu(x), order, x), "axis", 3);
        });
        operators.image("ScatterElements", "added to nothing", (graph, x) -> {
            String indices = graph.input("indices", DataType.INT64, "batch", 1, 6, 6);
            String spread = graph.node("Expand", List.of(indices, graph.node("Shape", List.of(x))));
            String nothing = graph.mul(TestingOperators.conv(graph, "other"), graph.scalar(0));
            List<String> operands = List.of(nothing, graph.follow(spread, "batch", 6, 6, 6), x);
            return like(graph, x, "ScatterElements", operands, "axis", 2, "reduction", "add");
        });
        operators.blockedImage("ScatterElements", "channels", (graph, x) -> {
            String indices = graph.input("indices", DataType.INT64, "batch", 6, 6, 6);
            return like(graph, x, "ScatterElements", List.of(x, indices, x), "axis", 1);
        });
        operators.image(
                "ScatterND",
                "space",
                (graph, x) -> throughRows(graph, x, rows -> {
                    String indices = graph.input("indices", DataType.INT64, 4, 2);
                    String updates = graph.uniform("updates", 0.5, 1.5, 4, 6);
                    return like(graph, rows, "ScatterND", List.of(rows, indices, updates));
                }));
        operators.blockedImage("ScatterND", "channels", (graph, x) -> {
            String indices = graph.input("indices", DataType.INT64, 4, 2);
            String updates = graph.uniform("updates", 0.5, 1.5, 4, 6, 6);
            return like(graph, x, "ScatterND", List.of(x, indices, updates));
        });
        operators.image(
                "ScatterND",
                "rows of all channels",
                (graph, x) -> assignRows(graph, x, range(graph, 0, graph.sizeOf(x, 1))));
        operators.image(
                "ScatterND",
                "rows of all channels, counted",
                (graph, x) -> assignRows(graph, x, range(graph, 0, graph.index(6))));
        operators.image("ScatterND", "rows of all channels, by a list", (graph, x) -> {
            String first = graph.transpose(x, 1, 2, 0, 3);
            String updates = graph.relu(graph.slice(first, 1, 1, 6, 1));
            long[] places = IntStream.range(0, 6 * 5)
                    .boxed()
                    .flatMapToLong(i -> LongStream.of(i / 5, 1 + i % 5))
                    .toArray();
            String indices = graph.constant(Tensors.longs(List.of(6L, 5L, 2L), places));
            return graph.transpose(like(graph, first, "ScatterND", List.of(first, indices, updates)), 2, 0, 1, 3);
        });
        operators.blockedImage("ScatterND", "some channels, by a list", (graph, x) -> {
            String first = graph.transpose(x, 1, 2, 0, 3);
            String some = graph.slice(first, 0, 1, 6, 1);
            String updates = graph.relu(graph.slice(some, 1, 1, 6, 1));
            long[] places = IntStream.range(0, 5 * 5)
                    .boxed()
                    .flatMapToLong(i -> LongStream.of(1 + i / 5, 1 + i % 5))
                    .toArray();
            String indices = graph.constant(Tensors.longs(List.of(5L, 5L, 2L), places));
            return graph.transpose(like(graph, first, "ScatterND", List.of(first, indices, updates)), 2, 0, 1, 3);
        });
        operators.blockedImage("Cast", "of positions that are counted for an assignment", (graph, x) -> {
            String channels = range(graph, 0, graph.sizeOf(x, 1));
            String assigned = assignRows(graph, x, channels);
            String numbers = graph.follow(cast(graph, graph.follow(channels, 6), FLOAT), 6);
            return graph.add(assigned, graph.unsqueeze(numbers, 1, 2));
        });
        operators.image(
                "GatherND",
                "space",
                (graph, x) -> throughRows(graph, x, rows -> {
                    String indices = graph.input("indices", DataType.INT64, "batch", 36, 1);
                    return like(graph, rows, "GatherND", List.of(rows, indices), "batch_dims", 1);
                }));
        operators.image("GatherND", "channels by constant indices", (graph, x) -> {
            String first = graph.transpose(x, 1, 0, 2, 3);
            String indices = graph.constant(Tensors.longs(List.of(4L, 1L), 5, 0, 0, 3));
            String picked = graph.follow(graph.node("GatherND", List.of(first, indices)), 4, "batch", 6, 6);
            return graph.transpose(graph.relu(picked), 1, 0, 2, 3);
        });
        operators.blockedImage("GatherND", "channels", (graph, x) -> {
            String indices = graph.input("indices", DataType.INT64, "batch", 6, 1);
            return like(graph, x, "GatherND", List.of(x, indices), "batch_dims", 1);
        });
    }

    /** Positions in rows, channels last. */
    private static String throughRows(GraphBuilder graph, String x, UnaryOperator<String> body) {
        String rows = graph.transpose(graph.reshape(x, 0, 6, 36), 0, 2, 1);
        return graph.reshape(graph.transpose(body.apply(rows), 0, 2, 1), 0, 6, 6, 6);
    }

    private static String positive(GraphBuilder graph, String x) {
        return graph.add(graph.unary("Sigmoid", x), graph.scalar(0.5));
    }

    private static String axis(GraphBuilder graph, long axis) {
        return graph.constant(Tensors.longs(List.of(), axis));
    }

    private static String reduce(GraphBuilder graph, String operator, String x, long... axes) {
        String result = graph.node(operator, List.of(x, graph.longs(axes)), "keepdims", 1);
        Object[] shape = graph.shape(x).toArray();
        for (long axis : axes) {
            shape[(int) axis] = 1;
        }
        return graph.follow(result, shape);
    }

    /** What is left of the channels multiplies them, so that they are consumed twice. */
    private static String gated(GraphBuilder graph, String operator, String x) {
        return graph.mul(x, reduce(graph, operator, x, 1));
    }

    private static String gatedRows(GraphBuilder graph, String operator, String x) {
        String rows = graph.reshape(x, -1, 2, 3, 6, 6);
        return graph.reshape(graph.mul(rows, reduce(graph, operator, rows, 2)), -1, 6, 6, 6);
    }

    /** One channel is left of several pieces of the channels, as of the pieces of a maxout layer. */
    private void pieces(List<String> reductions) {
        for (String operator : reductions) {
            operators.image(operator, "pieces outside", (graph, x) -> piece(graph, operator, x, 1, 2, 3));
            operators.image(operator, "pieces inside", (graph, x) -> piece(graph, operator, x, 2, 3, 2));
            operators.image(operator, "pieces of both sides", (graph, x) -> {
                String half = piece(graph, operator, x, 1, 2, 3);
                return graph.mul(half, piece(graph, operator, TestingOperators.conv(graph, "other"), 2, 3, 2));
            });
            operators.image(operator, "pieces of layers beside one of the layers", (graph, x) -> {
                String other = TestingOperators.conv(graph, "other");
                String both = graph.concat(1, graph.unsqueeze(x, 1), graph.unsqueeze(other, 1));
                String left = graph.squeeze(reduce(graph, operator, both, 1), 1);
                return graph.concat(1, left, graph.relu(other));
            });
        }
    }

    private static String piece(GraphBuilder graph, String operator, String x, int axis, long outer, long inner) {
        String pieces = graph.reshape(positive(graph, x), 0, outer, inner, 6, 6);
        return graph.squeeze(reduce(graph, operator, pieces, axis), axis);
    }

    private static String argument(GraphBuilder graph, String operator, String x, int axis) {
        Object[] shape = graph.shape(x).toArray();
        shape[axis] = 1;
        return graph.follow(graph.node(operator, List.of(x), "axis", axis), shape);
    }

    /** Writes all rows but the first of each channel, as {@code x[:, :, 1:, :] = y} does. */
    private static String assignRows(GraphBuilder graph, String x, String channels) {
        String updates = graph.relu(graph.slice(x, 2, 1, 6, 1));
        String target = graph.node("Shape", List.of(updates));
        List<String> columns = List.of(
                column(graph, range(graph, 0, graph.sizeOf(x, 0)), target, 1, 2, 3),
                column(graph, channels, target, 1, 2),
                column(graph, range(graph, 1, graph.index(6)), target, 1),
                column(graph, range(graph, 0, graph.index(6)), target));
        String indices = graph.node("Concat", columns, "axis", -1);
        return like(graph, x, "ScatterND", List.of(x, graph.follow(indices, "batch", 6, 5, 6, 4), updates));
    }

    private static String range(GraphBuilder graph, long first, String limit) {
        return graph.node("Range", List.of(graph.index(first), limit, graph.index(1)));
    }

    private static String column(GraphBuilder graph, String positions, String target, long... after) {
        String placed = after.length == 0 ? positions : graph.node("Unsqueeze", List.of(positions, graph.longs(after)));
        String spread = graph.node("Expand", List.of(placed, target));
        return graph.node("Unsqueeze", List.of(spread, graph.longs(-1)));
    }
}
