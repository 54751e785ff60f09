package io.espalier.testkit.model;

import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensors;
import java.util.List;

/** Constants with several consumers: some mean it, some were merged by an exporter. */
final class SharingCases {

    private SharingCases() {}

    static List<HardCase> all() {
        return List.of(
                HardCase.of(
                        "shared-weight",
                        "shared.weight is applied to conv1 and conv2: their channels go together, for its axis 1 is one;"
                                + " its filters go together in both uses, and so do conv3's and conv4's inputs.",
                        SharingCases::sharedWeight),
                HardCase.of(
                        "weight-used-twice-in-a-row",
                        "A square weight applied twice ties its rows to its columns: index i goes from both axes, from"
                                + " embed.weight:1 and from head.weight:1.",
                        SharingCases::weightUsedTwiceInARow),
                HardCase.of(
                        "deduplicated-bias",
                        "Two convolutions share one bias because their values were equal: this must not couple them; the"
                                + " bias is cloned when one of them is pruned differently.",
                        SharingCases::deduplicatedBias),
                HardCase.of(
                        "deduplicated-shape",
                        "Two reshapes share one target [0, 8, 36]: conv1 and conv2 are independent and the target is cloned"
                                + " when their widths become different.",
                        SharingCases::deduplicatedShape),
                HardCase.of(
                        "tied-embedding",
                        "One table is gathered from and multiplied with, transposed: its columns follow the stream in both"
                                + " uses, its rows are frozen by the output.",
                        SharingCases::tiedEmbedding));
    }

    private static String sharedWeight(GraphBuilder graph) {
        String image = graph.input("image", "batch", 2, 6, 6);
        Window window = Window.same(3);
        String weight = graph.convWeight("shared", 5, 7, window, 2);
        String left = graph.conv(graph.relu(graph.conv("conv1", image, 5, window)), weight, "", window);
        String right = graph.conv(graph.relu(graph.conv("conv2", image, 5, Window.same(1))), weight, "", window);
        String a = graph.conv("conv3", graph.relu(left), 3, Window.same(1));
        return graph.add(a, graph.conv("conv4", graph.relu(right), 3, Window.same(1)));
    }

    private static String weightUsedTwiceInARow(GraphBuilder graph) {
        String x = graph.linear("embed", graph.input("x", "batch", 4), 6);
        String weight = graph.normal("shared.weight", 0.4, 6, 6);
        x = graph.relu(graph.matMul(x, weight));
        x = graph.relu(graph.matMul(x, weight));
        return graph.gemm("head", x, 3);
    }

    private static String deduplicatedBias(GraphBuilder graph) {
        String x = graph.input("image", "batch", 2, 6, 6);
        Window window = Window.same(3);
        String bias = graph.constant("bias", Tensors.floats(List.of(6L), 1, 1, 1, 1, 1, 1));
        x = graph.relu(graph.conv(x, graph.convWeight("conv1", 2, 6, window, 2), bias, window));
        x = graph.relu(graph.conv(x, graph.convWeight("conv2", 6, 6, window, 2), bias, window));
        return graph.conv("conv3", x, 3, Window.same(1));
    }

    private static String deduplicatedShape(GraphBuilder graph) {
        String image = graph.input("image", "batch", 2, 6, 6);
        String target = graph.longs(0, 8, 36);
        String left = flattened(graph, graph.conv("conv1", image, 8, Window.same(3)), target);
        String right = flattened(graph, graph.conv("conv2", image, 8, Window.same(3)), target);
        return graph.add(graph.gemm("fc1", left, 3), graph.gemm("fc2", right, 3));
    }

    private static String flattened(GraphBuilder graph, String x, String target) {
        String flat = graph.follow(graph.node("Reshape", List.of(graph.relu(x), target)), "batch", 8, 36);
        return graph.mean(flat, false, 2);
    }

    private static String tiedEmbedding(GraphBuilder graph) {
        String ids = graph.input("ids", DataType.INT64, "batch", 4);
        String table = graph.normal("table", 1, 9, 6);
        String x = graph.follow(graph.node("Gather", List.of(table, ids), "axis", 0), "batch", 4, 6);
        x = graph.add(x, graph.linear("fc2", graph.relu(graph.linear("fc1", x, 5)), 6));
        return graph.matMul(x, graph.transpose(table, 1, 0));
    }
}
