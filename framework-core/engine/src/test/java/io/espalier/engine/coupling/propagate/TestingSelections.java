package io.espalier.engine.coupling.propagate;

import static io.espalier.engine.coupling.propagate.TestingOperators.cast;
import static io.espalier.engine.coupling.propagate.TestingOperators.conv;
import static io.espalier.engine.coupling.propagate.TestingOperators.like;

import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.model.GraphBuilder;
import java.util.List;
import java.util.function.BiFunction;

/** Graphs for operators that choose, reorder or generate by what they see when the model runs. */
final class TestingSelections {

    private final TestingOperators operators;

    TestingSelections(TestingOperators operators) {
        this.operators = operators;
    }

    void add() {
        regions();
        choices();
        matrices();
        windows();
        spectra();
        wholes();
    }

    private void regions() {
        operators.image("RoiAlign", "", (graph, x) -> {
            String regions = graph.input("regions", "regions", 4);
            String images = graph.input("images", DataType.INT64, "regions");
            List<String> read = List.of(x, regions, images);
            String picked = graph.node("RoiAlign", read, "output_height", 3, "output_width", 2);
            return graph.follow(picked, "regions", 6, 3, 2);
        });
        operators.image("MaxRoiPool", "", (graph, x) -> {
            String regions = graph.constant(Tensors.floats(Tensors.shape(2, 5), 0, 0, 0, 4, 4, 1, 1, 2, 5, 5));
            String picked = graph.node("MaxRoiPool", List.of(x, regions), "pooled_shape", new long[] {2, 2});
            return graph.follow(picked, 2, 6, 2, 2);
        });
        operators.image("MaxUnpool", "", (graph, x) -> {
            List<String> pooled = pooled(graph, x);
            return like(graph, x, "MaxUnpool", pooled, "kernel_shape", new long[] {2, 2}, "strides", new long[] {2, 2});
        });
        operators.image("MaxUnpool", "shape given", (graph, x) -> {
            List<String> pooled = pooled(graph, x);
            String shape = graph.node("Shape", List.of(x));
            List<String> read = List.of(pooled.get(0), pooled.get(1), shape);
            return like(graph, x, "MaxUnpool", read, "kernel_shape", new long[] {2, 2}, "strides", new long[] {2, 2});
        });
        operators.image("Col2Im", "", (graph, x) -> {
            List<String> read = List.of(graph.reshape(x, 0, 36, 6), graph.longs(3, 5), graph.longs(2, 3));
            return graph.follow(graph.node("Col2Im", read), "batch", 6, 3, 5);
        });
        operators.image("DeformConv", "", (graph, x) -> deformed(graph, x, 1, 1));
        operators.image("DeformConv", "in groups", (graph, x) -> deformed(graph, x, 2, 1));
        operators.image("DeformConv", "offsets in groups", (graph, x) -> deformed(graph, x, 1, 2));
    }

    private static List<String> pooled(GraphBuilder graph, String x) {
        List<String> pooled =
                graph.nodes("MaxPool", List.of(x), 2, "kernel_shape", new long[] {2, 2}, "strides", new long[] {2, 2});
        pooled.forEach(each -> graph.follow(each, "batch", 6, 3, 3));
        return List.of(graph.relu(pooled.get(0)), pooled.get(1));
    }

    private static String deformed(GraphBuilder graph, String x, int groups, int offsetGroups) {
        List<String> read = List.of(
                x,
                graph.normal("deformed.weight", 0.3, 8, 6 / groups, 3, 3),
                graph.input("offset", "batch", 18 * offsetGroups, 6, 6),
                graph.normal("deformed.bias", 0.3, 8),
                graph.input("mask", "batch", 9 * offsetGroups, 6, 6));
        String y = graph.node(
                "DeformConv",
                read,
                "kernel_shape",
                new long[] {3, 3},
                "pads",
                new long[] {1, 1, 1, 1},
                "group",
                groups,
                "offset_group",
                offsetGroups);
        return graph.follow(y, "batch", 8, 6, 6);
    }

    private void choices() {
        String some = "Compress";
        operators.image(some, "rows", (graph, x) -> graph.follow(compressed(graph, x, 2), "batch", 6, 4, 6));
        operators.blockedImage(some, "channels", (graph, x) -> graph.follow(compressed(graph, x, 1), "batch", 4, 6, 6));
        operators.image("OneHot", "", (graph, x) -> {
            String counts = cast(graph, graph.mul(graph.unary("Sigmoid", x), graph.scalar(4)), 7);
            String depth = graph.constant(Tensors.longs(List.of(), 4));
            String values = graph.constant(TestingOperators.floats(DataType.FLOAT32, 0, 1));
            String hot = graph.follow(graph.node("OneHot", List.of(counts, depth, values)), "batch", 6, 6, 6, 4);
            String weighed = graph.mul(hot, graph.constant(TestingOperators.floats(DataType.FLOAT32, 1, 2, 4, 7)));
            return graph.follow(
                    graph.node("ReduceSum", List.of(weighed, graph.longs(4)), "keepdims", 0), "batch", 6, 6, 6);
        });
        operators.tokens("ReverseSequence", "", (graph, x) -> {
            String lengths = graph.input("lengths", DataType.INT64, "batch");
            return like(graph, x, "ReverseSequence", List.of(x, lengths), "batch_axis", 0, "time_axis", 1);
        });
        operators.image("CenterCropPad", "space", (graph, x) -> {
            String cut = graph.node("CenterCropPad", List.of(x, graph.longs(4, 8)), "axes", new long[] {2, 3});
            return graph.follow(cut, "batch", 6, 4, 8);
        });
        operators.tokens("TensorScatter", "", (graph, x) -> {
            String update = graph.linear("update", graph.input("more", "batch", 2, 7), 8);
            String places = graph.input("places", DataType.INT64, "batch");
            return like(graph, x, "TensorScatter", List.of(x, update, places), "axis", 1);
        });
    }

    private static String compressed(GraphBuilder graph, String x, int axis) {
        String four = graph.constant(TestingOperators.floats(DataType.BOOL, 1, 0, 1, 1, 0, 1));
        return graph.node("Compress", List.of(x, four), "axis", axis);
    }

    private void matrices() {
        operators.image(
                "GlobalLpPool",
                "",
                (graph, x) -> graph.follow(graph.node("GlobalLpPool", List.of(x)), "batch", 6, 1, 1));
        operators.image("Trilu", "", (graph, x) -> like(graph, x, "Trilu"));
        operators.add("Det", "", false, graph -> {
            String x = conv(graph, "conv1");
            return graph.gemm("head", graph.follow(graph.node("Det", List.of(x)), "batch", 6), 3);
        });
        blocked("EyeLike", (graph, x) -> graph.node("EyeLike", List.of(x)));
        operators.add("AffineGrid", "", true, graph -> {
            String theta = graph.reshape(graph.linear("theta", graph.input("x", "batch", 7), 6), 0, 2, 3);
            return graph.node("AffineGrid", List.of(theta, graph.longs(2, 3, 4, 4)));
        });
    }

    private void windows() {
        for (String window : List.of("HannWindow", "HammingWindow", "BlackmanWindow")) {
            operators.image(window, "", (graph, x) -> {
                String six = graph.constant(Tensors.longs(List.of(), 6));
                return graph.mul(x, graph.follow(graph.node(window, List.of(six)), 6));
            });
        }
        operators.image("MelWeightMatrix", "", (graph, x) -> {
            List<String> read = List.of(
                    graph.constant(Tensors.longs(List.of(), 6)),
                    graph.constant(Tensors.longs(List.of(), 10)),
                    graph.constant(Tensors.longs(List.of(), 8000)),
                    graph.scalar(0),
                    graph.scalar(4000));
            return graph.mul(x, graph.follow(graph.node("MelWeightMatrix", read), 6, 6));
        });
    }

    private void spectra() {
        operators.image("DFT", "", (graph, x) -> {
            String axis = graph.constant(Tensors.longs(List.of(), 2));
            List<String> read = List.of(graph.reshape(x, 0, 6, 36, 1), "", axis);
            return graph.follow(graph.node("DFT", read), "batch", 6, 36, 2);
        });
        blocked("STFT", (graph, x) -> {
            String step = graph.constant(Tensors.longs(List.of(), 2));
            String window = graph.uniform("window", 0.1, 1, 4);
            return graph.node("STFT", List.of(x, step, window));
        });
    }

    private void wholes() {
        for (String whole : List.of("NonZero", "Unique", "RandomNormalLike", "RandomUniformLike", "Bernoulli")) {
            blocked(whole, (graph, x) -> graph.node(whole, List.of(x)));
        }
        blocked("Multinomial", (graph, x) -> graph.node("Multinomial", List.of(x), "sample_size", 3));
        operators.add("NonMaxSuppression", "", true, graph -> {
            String x = graph.input("x", "batch", 5, 7);
            String boxes = graph.linear("boxes", x, 4);
            String scores = graph.transpose(graph.linear("scores", x, 2), 0, 2, 1);
            return graph.node("NonMaxSuppression", List.of(boxes, scores));
        });
    }

    /** Eight channels of a vector, and an operator that looks at all of them. */
    private void blocked(String operator, BiFunction<GraphBuilder, String, String> body) {
        operators.add(
                operator, "", true, graph -> body.apply(graph, graph.linear("embed", graph.input("x", "batch", 7), 8)));
    }
}
