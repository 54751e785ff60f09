package io.espalier.engine.coupling.propagate;

import static io.espalier.engine.coupling.propagate.TestingOperators.FLOAT;
import static io.espalier.engine.coupling.propagate.TestingOperators.cast;

import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.model.GraphBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.LongStream;

/** Graphs for operators that move elements, and for those that make values of shapes. */
final class TestingMoves {

    private final TestingOperators operators;

    TestingMoves(TestingOperators operators) {
        this.operators = operators;
    }

    void add() {
        regrouping();
        choosing();
        severalIndices();
        repeating();
        generating();
    }

    private void regrouping() {
        operators.image("Reshape", "", (graph, x) -> graph.reshape(graph.reshape(x, 0, 6, 36), 0, 6, 6, 6));
        operators.image(
                "Reshape",
                "channels apart",
                (graph, x) -> graph.reshape(graph.mul(graph.reshape(x, 0, 2, 3, 36), graph.scalar(0.5)), 0, 6, 6, 6));
        operators.image("Reshape", "space to depth", (graph, x) -> {
            String blocks = graph.reshape(x, 0, 6, 3, 2, 3, 2);
            return graph.reshape(graph.transpose(blocks, 0, 1, 3, 5, 2, 4), 0, 24, 3, 3);
        });
        operators.image("Reshape", "space to depth, blocks outside, by extents", (graph, x) -> {
            String height = graph.node("Div", List.of(graph.sizeOf(x, 2), graph.index(2)));
            String width = graph.node("Div", List.of(graph.sizeOf(x, 3), graph.index(2)));
            String batch = graph.sizeOf(x, 0);
            String blocks = graph.reshapeTo(x, batch, 6, height, 2, width, 2);
            String depth = graph.transpose(graph.follow(blocks, "batch", 6, 3, 2, 3, 2), 0, 3, 5, 1, 2, 4);
            return graph.follow(graph.reshapeTo(depth, batch, 24, height, width), "batch", 24, 3, 3);
        });
        operators.add(
                "Flatten",
                "",
                false,
                graph -> graph.gemm("head", graph.flatten(TestingOperators.conv(graph, "conv1"), 1), 3));
        operators.image("Unsqueeze", "", (graph, x) -> graph.squeeze(graph.unsqueeze(x, 1), 1));
        operators.image("Squeeze", "", (graph, x) -> graph.squeeze(graph.unsqueeze(x, 2), 2));
        operators.image(
                "Transpose", "", (graph, x) -> graph.transpose(graph.relu(graph.transpose(x, 0, 2, 3, 1)), 0, 3, 1, 2));
    }

    private void choosing() {
        operators.image("Concat", "", (graph, x) -> graph.concat(1, x, TestingOperators.conv(graph, "other")));
        operators.image(
                "Concat", "other axis", (graph, x) -> graph.concat(2, x, TestingOperators.conv(graph, "other")));
        operators.image("Split", "", (graph, x) -> {
            List<String> parts = graph.split(x, 1, 2, 4);
            return graph.concat(1, graph.relu(parts.get(1)), parts.get(0));
        });
        operators.image("Split", "into equals", (graph, x) -> {
            List<String> parts = graph.nodes("Split", List.of(x), 2, "axis", 1, "num_outputs", 2);
            parts.forEach(part -> graph.follow(part, "batch", 3, 6, 6));
            return graph.concat(1, graph.relu(parts.get(1)), parts.get(0));
        });
        operators.image("Slice", "", (graph, x) -> graph.slice(x, 1, 1, 5, 1));
        operators.image("Slice", "every second row and column, joined as channels", (graph, x) -> {
            List<String> parts = new ArrayList<>();
            for (int part = 0; part < 4; part++) {
                parts.add(graph.slice(graph.slice(x, 2, part % 2, 6, 2), 3, part / 2, 6, 2));
            }
            return graph.concat(1, parts.toArray(String[]::new));
        });
        operators.image("Slice", "reversed", (graph, x) -> graph.slice(x, 1, -1, Long.MIN_VALUE, -1));
        operators.image("Slice", "strided", (graph, x) -> graph.slice(x, 1, 1, 6, 2));
        operators.image("Slice", "nothing, joined to all", (graph, x) -> {
            String nothing = graph.follow(nothing(graph, x, 1), "batch", 0, 6, 6);
            return graph.follow(graph.node("Concat", List.of(x, nothing), "axis", 1), "batch", 6, 6, 6);
        });
        operators.tokens("Slice", "nothing of every head", (graph, x) -> {
            String heads = graph.reshape(x, 0, 5, 2, 4);
            String nothing = graph.follow(nothing(graph, heads, 3), "batch", 5, 2, 0);
            String joined = graph.node("Concat", List.of(heads, nothing), "axis", 3);
            return graph.reshape(graph.follow(joined, "batch", 5, 2, 4), 0, 5, 8);
        });
        operators.image("Gather", "", (graph, x) -> graph.gather(x, 1, 5, 0, 0, 3));
        operators.image("Gather", "matrix of indices", (graph, x) -> {
            String indices = graph.constant(Tensors.longs(List.of(2L, 2L), 4, 1, 2, 5));
            String picked = graph.follow(graph.node("Gather", List.of(x, indices), "axis", 1), "batch", 2, 2, 6, 6);
            return graph.reshape(graph.relu(picked), 0, 4, 6, 6);
        });
        operators.image("Gather", "strided view with channels last", (graph, x) -> {
            String places = strided(graph, x, 216, counted(0, 6, 6, 1, 1), counted(0, 1, 6, 1), counted(0, 36, 6));
            return graph.transpose(view(graph, x, places, "batch", 6, 6, 6), 0, 3, 1, 2);
        });
        operators.image("Gather", "strided windows that overlap", (graph, x) -> {
            String places = strided(
                    graph,
                    x,
                    216,
                    counted(36, 36, 2, 1, 1, 1),
                    counted(0, 36, 4, 1, 1),
                    counted(0, 6, 6, 1),
                    counted(0, 1, 6));
            String windows = view(graph, graph.transpose(x, 0, 2, 3, 1), places, "batch", 2, 4, 6, 6);
            return graph.transpose(graph.reshape(windows, 0, 8, 6, 6), 0, 3, 1, 2);
        });
        operators.image("Gather", "strided view of half of the channels", (graph, x) -> {
            String places = strided(graph, x, 216, counted(0, 36, 3, 1, 1), counted(0, 6, 6, 1), counted(0, 1, 6));
            return view(graph, x, places, "batch", 3, 6, 6);
        });
        operators.blockedImage("Gather", "strided view of some of the channels", (graph, x) -> {
            String places = strided(graph, x, 216, counted(0, 36, 4, 1, 1), counted(0, 6, 6, 1), counted(0, 1, 6));
            return view(graph, x, places, "batch", 4, 6, 6);
        });
        operators.blockedImage("Gather", "strided view whose indices are read as numbers", (graph, x) -> {
            String places = strided(graph, x, 216, counted(0, 36, 6, 1, 1), counted(0, 6, 6, 1), counted(0, 1, 6));
            String numbers = graph.follow(cast(graph, graph.follow(places, "batch", 6, 6, 6), FLOAT), "batch", 6, 6, 6);
            return graph.add(view(graph, x, places, "batch", 6, 6, 6), numbers);
        });
        operators.blockedImage("Gather", "run time", (graph, x) -> {
            String indices = graph.input("indices", DataType.INT64, 3);
            return graph.follow(graph.node("Gather", List.of(x, indices), "axis", 1), "batch", 3, 6, 6);
        });
    }

    /** Thirty positions, six rows and five columns of which go by themselves, the operator, a layer. */
    private void severalIndices() {
        product("Concat", (graph, x) -> graph.concat(1, x, graph.gemm("other", graph.flatten("x", 1), 4), x));
        product("Split", (graph, x) -> {
            List<String> parts = graph.split(x, 1, 12, 18);
            return graph.concat(1, parts.get(1), graph.relu(parts.get(0)));
        });
        product("Slice", (graph, x) -> graph.slice(x, 1, 3, 28, 1));
        product("Gather", (graph, x) -> graph.gather(x, 1, 29, 0, 5, 10, 1, 6, 7, 0, 28));
        product("Pad", (graph, x) -> {
            String pads = graph.longs(0, 2, 0, 1);
            return graph.follow(graph.node("Pad", List.of(x, pads)), "batch", 33);
        });
    }

    private void product(String operator, BiFunction<GraphBuilder, String, String> body) {
        operators.add(operator, "several indices in one axis", false, graph -> {
            String columns = graph.linear("columns", graph.input("x", "batch", 4, 7), 5);
            String rows = graph.linear("rows", graph.transpose(columns, 0, 2, 1), 6);
            return graph.gemm("head", body.apply(graph, graph.flatten(graph.transpose(rows, 0, 2, 1), 1)), 3);
        });
    }

    /** Reads a value as {@code as_strided} is exported: by indices of all of it. */
    private static String view(GraphBuilder graph, String x, String places, Object... shape) {
        String flat = graph.node("Reshape", List.of(x, graph.longs(-1)));
        return graph.follow(graph.node("Gather", List.of(flat, places), "axis", 0), shape);
    }

    /** Indices with a step for the batch and counted constants for the axes after it. */
    private static String strided(GraphBuilder graph, String x, long step, Tensor... counted) {
        String batch = graph.node("Range", List.of(graph.index(0), graph.sizeOf(x, 0), graph.index(1)));
        long[] after = LongStream.rangeClosed(1, counted.length).toArray();
        String scaled = graph.node("Mul", List.of(batch, graph.index(step)));
        String sum = graph.node("Unsqueeze", List.of(scaled, graph.longs(after)));
        for (Tensor numbers : counted) {
            sum = graph.node("Add", List.of(sum, graph.constant(numbers)));
        }
        return sum;
    }

    private static Tensor counted(long start, long step, long extent, long... inner) {
        List<Long> shape = LongStream.concat(LongStream.of(extent), Arrays.stream(inner))
                .boxed()
                .toList();
        return Tensors.longs(
                shape, LongStream.range(0, extent).map(i -> start + step * i).toArray());
    }

    private void repeating() {
        operators.image("Pad", "", (graph, x) -> {
            String pads = graph.longs(0, 2, 0, 0, 0, 1, 0, 0);
            return graph.follow(graph.node("Pad", List.of(x, pads)), "batch", 9, 6, 6);
        });
        operators.blockedImage("Pad", "reflected", (graph, x) -> {
            String pads = graph.longs(0, 2, 0, 0, 0, 1, 0, 0);
            return graph.follow(graph.node("Pad", List.of(x, pads), "mode", "reflect"), "batch", 9, 6, 6);
        });
        operators.image("Expand", "", (graph, x) -> {
            String pooled = graph.globalAveragePool(x);
            return graph.follow(graph.node("Expand", List.of(pooled, graph.longs(1, 6, 6, 6))), "batch", 6, 6, 6);
        });
        operators.image("Expand", "target chosen by Where", (graph, x) -> {
            String shape = graph.node("Shape", List.of(x));
            String batch = graph.node("Gather", List.of(shape, graph.longs(0)), "axis", 0);
            String target = graph.node("Concat", List.of(batch, graph.longs(6, 1, 1)), "axis", 0);
            String ones =
                    graph.node("ConstantOfShape", List.of(graph.longs(4)), "value", Tensors.longs(List.of(1L), 1));
            String same = graph.node("Equal", List.of(target, graph.longs(-1, -1, -1, -1)));
            String chosen = graph.node("Where", List.of(same, ones, target));
            String learned = graph.uniform("learned", 0.5, 1.5, 1, 6, 1, 1);
            return graph.add(x, graph.follow(graph.node("Expand", List.of(learned, chosen)), "batch", 6, 1, 1));
        });
        operators.image(
                "Tile",
                "",
                (graph, x) -> graph.follow(graph.node("Tile", List.of(x, graph.longs(1, 2, 1, 1))), "batch", 12, 6, 6));
        operators.image("ConstantOfShape", "", (graph, x) -> {
            String ones = graph.node(
                    "ConstantOfShape",
                    List.of(graph.longs(1, 6, 1, 1)),
                    "value",
                    Tensors.fromDoubles(DataType.FLOAT32, List.of(1L), 0.5));
            return graph.add(x, graph.follow(ones, 1, 6, 1, 1));
        });
        operators.image("ConstantOfShape", "read as extents", (graph, x) -> {
            String ones =
                    graph.node("ConstantOfShape", List.of(graph.longs(4)), "value", Tensors.longs(List.of(1L), 1));
            String target = graph.node("Mul", List.of(ones, graph.longs(1, 6, 6, 6)));
            return graph.follow(graph.node("Expand", List.of(graph.globalAveragePool(x), target)), "batch", 6, 6, 6);
        });
    }

    private static String nothing(GraphBuilder graph, String x, long axis) {
        return graph.node("Slice", List.of(x, graph.longs(9), graph.longs(12), graph.longs(axis)));
    }

    private void generating() {
        operators.image("Shape", "", (graph, x) -> {
            String shape = graph.node("Shape", List.of(x));
            String flat = graph.reshape(x, 0, 6, 36);
            return graph.follow(graph.node("Reshape", List.of(graph.relu(flat), shape)), "batch", 6, 6, 6);
        });
        operators.image("Shape", "of positions", (graph, x) -> {
            String positions = graph.node("Max", List.of(graph.longs(0, 1, 2, 3, 4, 5), graph.index(0)));
            String six = graph.node("Shape", List.of(graph.follow(positions, 6)));
            String row = graph.follow(graph.node("Expand", List.of(graph.scalar(0.5), six)), 6);
            return graph.mul(x, row);
        });
        operators.image("Size", "", (graph, x) -> {
            String size = graph.node("Cast", List.of(graph.node("Size", List.of("image"))), "to", 1);
            return graph.binary("Mul", x, graph.follow(graph.node("Sqrt", List.of(size))));
        });
        operators.image("Range", "", (graph, x) -> positions(graph, x));
        for (String operator : List.of("RandomNormal", "RandomUniform")) {
            operators.image(operator, "", (graph, x) -> {
                String noise = graph.node(operator, List.of(), "shape", new long[] {1, 1, 6, 6}, "seed", 1.0);
                String still = graph.mul(graph.follow(noise, 1, 1, 6, 6), graph.scalar(0));
                return graph.add(x, still);
            });
        }
    }

    private static String positions(GraphBuilder graph, String x) {
        String zero = graph.index(0);
        String six = graph.index(6);
        String range = graph.follow(graph.node("Range", List.of(zero, six, graph.index(1))), 6);
        String steps = graph.follow(graph.node("Cast", List.of(range), "to", 1), 6);
        return graph.add(x, steps);
    }
}
