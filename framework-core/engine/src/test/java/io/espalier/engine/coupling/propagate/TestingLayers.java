package io.espalier.engine.coupling.propagate;

import static io.espalier.engine.coupling.propagate.TestingOperators.like;

import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.model.GraphBuilder;
import io.espalier.testkit.model.RecurrentNetworks.Cell;
import io.espalier.testkit.model.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Graphs for layers, pools, normalisations and recurrent cells. */
final class TestingLayers {

    private static final String CONTRIB = "com.microsoft.";

    private final TestingOperators operators;

    TestingLayers(TestingOperators operators) {
        this.operators = operators;
    }

    void add() {
        convolutions();
        singlePositions();
        matrices();
        pools();
        normalisations();
        recurrent();
    }

    private void convolutions() {
        operators.image("Conv", "", (graph, x) -> graph.conv("middle", x, 8, Window.same(3)));
        operators.image(
                "Conv",
                "grouped",
                (graph, x) -> graph.conv("middle", x, 9, Window.same(3).groups(3)));
        operators.image(CONTRIB + "FusedConv", "", (graph, x) -> {
            String weight = graph.convWeight("middle", 6, 8, Window.same(1), 2);
            String fused = graph.node(CONTRIB + "FusedConv", List.of(x, weight), "activation", "Relu");
            return graph.follow(fused, "batch", 8, 6, 6);
        });
        operators.image("ConvTranspose", "", (graph, x) -> graph.convTranspose("middle", x, 8));
        operators.image("Resize", "", (graph, x) -> graph.upsample(x));
        operators.image(
                "GridSample",
                "",
                (graph, x) -> like(graph, x, "GridSample", List.of(x, graph.input("grid", "batch", 6, 6, 2))));
        operators.add("DepthToSpace", "DCR", false, graph -> depthToSpace(graph, "DCR"));
        operators.add("DepthToSpace", "CRD", false, graph -> depthToSpace(graph, "CRD"));
        operators.image(
                "SpaceToDepth",
                "",
                (graph, x) -> graph.follow(graph.node("SpaceToDepth", List.of(x), "blocksize", 2), "batch", 24, 3, 3));
    }

    private static String depthToSpace(GraphBuilder graph, String mode) {
        String x = graph.conv("conv1", graph.input("image", "batch", 2, 6, 6), 12, Window.same(3));
        return graph.conv("conv2", graph.depthToSpace(x, 2, mode), 3, Window.same(1));
    }

    /** Channels lie along the axis that a window slides over, one position of it at a time. */
    private void singlePositions() {
        operators.tokens("Conv", "window of one position", (graph, x) -> graph.conv("middle", x, 4, Window.valid(1)));
        operators.tokens("Conv", "one axis of a window", (graph, x) -> {
            String weight = graph.normal("middle", 0.4, 3, 1, 3, 1);
            String mixed = graph.node(
                    "Conv",
                    List.of(graph.unsqueeze(x, 1), weight),
                    "kernel_shape",
                    new long[] {3, 1},
                    "pads",
                    new long[] {1, 0, 1, 0});
            return graph.reshape(graph.follow(mixed, "batch", 3, 5, 8), 0, 15, 8);
        });
        operators.tokens("ConvTranspose", "window of one position", (graph, x) -> {
            String spread = graph.node("ConvTranspose", List.of(x, graph.normal("middle", 0.4, 5, 4, 1)));
            return graph.follow(spread, "batch", 4, 8);
        });
        for (String pool : List.of("AveragePool", "MaxPool", "LpPool")) {
            operators.tokens(
                    pool, "window of one position", (graph, x) -> like(graph, x, pool, "kernel_shape", new long[] {1}));
        }
        slides("Conv", "strided", 4, "strides", new long[] {2});
        slides("Conv", "padded", 10, "pads", new long[] {1, 1});
        operators.add("MaxPool", "places of a window of one position", true, graph -> {
            String x = graph.linear("embed", graph.input("x", "batch", 5, 7), 8);
            List<String> both = graph.nodes("MaxPool", List.of(x), 2, "kernel_shape", new long[] {1});
            both.forEach(each -> graph.follow(each, "batch", 5, 8));
            String places = graph.node("Cast", List.of(both.get(1)), "to", TestingOperators.FLOAT);
            return graph.linear("proj", graph.add(both.get(0), graph.follow(places, "batch", 5, 8)), 3);
        });
    }

    private void slides(String operator, String name, long extent, Object... attributes) {
        operators.add(operator, name, true, graph -> {
            String x = graph.linear("embed", graph.input("x", "batch", 5, 7), 8);
            String slid = graph.node(operator, List.of(x, graph.normal("middle", 0.4, 4, 5, 1)), attributes);
            return graph.linear("proj", graph.follow(slid, "batch", 4, extent), 3);
        });
    }

    private void matrices() {
        operators.tokens("MatMul", "", (graph, x) -> graph.linear("middle", x, 9));
        operators.tokens(
                "MatMul",
                "two channels",
                (graph, x) -> graph.matMul(graph.matMul(x, graph.transpose(graph.linear("key", x, 8), 0, 2, 1)), x));
        operators.tokens(CONTRIB + "FusedMatMul", "", (graph, x) -> {
            String key = graph.linear("key", x, 8);
            String scores = graph.node(CONTRIB + "FusedMatMul", List.of(x, key), "transB", 1, "alpha", 0.5);
            return graph.matMul(graph.follow(scores, "batch", 5, 5), graph.linear("value", x, 6));
        });
        operators.tokens(
                CONTRIB + "FusedMatMul",
                "weight",
                (graph, x) -> graph.follow(
                        graph.node(CONTRIB + "FusedMatMul", List.of(x, graph.normal("middle", 0.4, 9, 8)), "transB", 1),
                        "batch",
                        5,
                        9));
        operators.add(CONTRIB + "FusedMatMul", "heads in the middle", false, graph -> {
            String x = graph.linear("embed", graph.input("x", 2, 5, 7), 8);
            String queries = graph.transpose(graph.reshape(x, 2, 5, 4, 2), 1, 0, 2, 3);
            String keys = graph.transpose(graph.reshape(graph.linear("key", x, 8), 2, 5, 4, 2), 0, 2, 1, 3);
            String scores = graph.node(CONTRIB + "FusedMatMul", List.of(queries, keys), "transBatchA", 1, "transB", 1);
            String turned = graph.transpose(graph.follow(scores, 2, 4, 5, 5), 0, 2, 1, 3);
            return graph.linear("proj", graph.reshape(turned, 2, 5, 20), 3);
        });
        for (int bits : new int[] {4, 8}) {
            operators.add(CONTRIB + "MatMulNBits", bits + " bits", false, graph -> packedBits(graph, bits, false));
            operators.add(
                    CONTRIB + "MatMulNBits",
                    bits + " bits, zero points",
                    bits == 4,
                    graph -> packedBits(graph, bits, true));
        }
        operators.add("Gemm", "", false, graph -> gemm(graph, "Gemm", "alpha", 0.5));
        operators.add(
                CONTRIB + "FusedGemm", "", false, graph -> gemm(graph, CONTRIB + "FusedGemm", "activation", "Relu"));
        operators.tokens(
                "Einsum",
                "",
                (graph, x) -> graph.follow(
                        graph.node("Einsum", List.of(x, graph.normal("middle", 0.4, 9, 8)), "equation", "btc,dc->btd"),
                        "batch",
                        5,
                        9));
        operators.add("Einsum", "diagonal", true, graph -> {
            String x = graph.linear("embed", graph.input("x", "batch", 8, 7), 8);
            String diagonal = graph.follow(graph.node("Einsum", List.of(x), "equation", "bii->bi"), "batch", 8);
            return graph.gemm("head", diagonal, 3);
        });
    }

    /** 64 channels, made and read by weights of few bits in blocks of 16. */
    private static String packedBits(GraphBuilder graph, int bits, boolean zeroPoints) {
        String x = graph.gemm("first", graph.input("x", "batch", 5), 32);
        String hidden = graph.relu(packedBits(graph, "up", x, 32, 64, bits, zeroPoints));
        return graph.gemm("last", packedBits(graph, "down", hidden, 64, 12, bits, zeroPoints), 3);
    }

    private static String packedBits(
            GraphBuilder graph, String name, String x, int inputs, int outputs, int bits, boolean zeroPoints) {
        long blocks = inputs / 16;
        Random random = new Random(bits);
        List<String> operands = new ArrayList<>(List.of(
                x,
                bytes(graph, random, outputs, blocks, 2L * bits),
                graph.uniform(name + ".scales", 0.02, 0.1, outputs, blocks)));
        if (zeroPoints) {
            operands.add(bytes(graph, random, outputs, (blocks * bits + 7) / 8));
        }
        String y = graph.node(
                CONTRIB + "MatMulNBits", operands, "K", inputs, "N", outputs, "bits", bits, "block_size", 16);
        return graph.follow(y, "batch", outputs);
    }

    private static String bytes(GraphBuilder graph, Random random, long... shape) {
        List<Long> extents = Tensors.shape(shape);
        int size = Math.toIntExact(extents.stream().reduce(1L, Math::multiplyExact));
        return graph.constant(Tensors.fromDoubles(
                DataType.UINT8,
                extents,
                random.doubles(size, 0, 256).map(Math::floor).toArray()));
    }

    private static String gemm(GraphBuilder graph, String operator, Object... attributes) {
        String x = graph.gemm("first", graph.input("x", "batch", 5), 8);
        List<String> operands =
                List.of(x, graph.normal("middle.weight", 0.4, 8, 7), graph.normal("middle.bias", 0.4, 7));
        return graph.gemm("last", graph.follow(graph.node(operator, operands, attributes), "batch", 7), 3);
    }

    private void pools() {
        Window half = Window.valid(2).stride(2);
        operators.image("MaxPool", "", (graph, x) -> graph.maxPool(x, half));
        operators.image("AveragePool", "", (graph, x) -> graph.averagePool(x, half));
        operators.image(
                "LpPool",
                "",
                (graph, x) -> graph.follow(
                        graph.node(
                                "LpPool", List.of(x), "kernel_shape", new long[] {2, 2}, "strides", new long[] {2, 2}),
                        "batch",
                        6,
                        3,
                        3));
        operators.image("GlobalAveragePool", "", (graph, x) -> graph.globalAveragePool(x));
        operators.image(
                "GlobalMaxPool",
                "",
                (graph, x) -> graph.follow(graph.node("GlobalMaxPool", List.of(x)), "batch", 6, 1, 1));
    }

    /** A convolution whose filters are standardised each time: input channels are positions of the statistics. */
    private static String standardised(GraphBuilder graph, String x) {
        String table = graph.normal("filters", 0.5, 1, 5, 6);
        List<String> operands = List.of(
                table,
                graph.uniform("gain", 0.5, 1.5, 5),
                graph.normal("shift", 0.1, 5),
                graph.normal("mean", 0.1, 5),
                graph.uniform("variance", 0.5, 1.5, 5));
        String even = graph.follow(
                graph.nodes("BatchNormalization", operands, 3, "training_mode", 1)
                        .get(0),
                1,
                5,
                6);
        return graph.conv(x, graph.reshape(even, 5, 6, 1, 1), graph.normal("bias", 0.1, 5), Window.same(1));
    }

    private void normalisations() {
        operators.image("BatchNormalization", "", (graph, x) -> graph.bn("norm", x));
        operators.image("BatchNormalization", "of a weight, in training mode", TestingLayers::standardised);
        operators.image(
                "InstanceNormalization",
                "",
                (graph, x) -> like(graph, x, "InstanceNormalization", affine(graph, x, 6)));
        operators.image(
                "GroupNormalization",
                "",
                (graph, x) -> like(graph, x, "GroupNormalization", affine(graph, x, 6), "num_groups", 2));
        operators.image("LRN", "", (graph, x) -> like(graph, x, "LRN", "size", 3, "alpha", 0.5));
        operators.image(
                "MeanVarianceNormalization",
                "space",
                (graph, x) -> like(graph, x, "MeanVarianceNormalization", "axes", new long[] {2, 3}));
        operators.image(
                "MeanVarianceNormalization",
                "channels",
                (graph, x) -> like(graph, x, "MeanVarianceNormalization", "axes", new long[] {1, 2, 3}));
        operators.image("LpNormalization", "", (graph, x) -> like(graph, x, "LpNormalization", "axis", 1));
        operators.image("LpNormalization", "p = 1", (graph, x) -> like(graph, x, "LpNormalization", "axis", 1, "p", 1));
        operators.tokens("LayerNormalization", "", (graph, x) -> graph.layerNorm("norm", x));
        operators.tokens("LayerNormalization", "of a table", (graph, x) -> {
            String table = graph.normal("table", 1, 5, 8);
            return graph.add(x, graph.layerNorm("norm", table));
        });
        operators.tokens(
                "RMSNormalization",
                "",
                (graph, x) -> like(
                        graph, x, "RMSNormalization", List.of(x, graph.uniform("scale", 0.5, 1.5, 8)), "axis", -1));
        operators.tokens(
                "SimplifiedLayerNormalization",
                "",
                (graph, x) -> like(
                        graph,
                        x,
                        "SimplifiedLayerNormalization",
                        List.of(x, graph.uniform("scale", 0.5, 1.5, 8)),
                        "axis",
                        -1));
        operators.tokens(
                CONTRIB + "SkipLayerNormalization",
                "",
                (graph, x) -> like(
                        graph,
                        x,
                        CONTRIB + "SkipLayerNormalization",
                        List.of(
                                x,
                                graph.linear("skip", x, 8),
                                graph.uniform("scale", 0.5, 1.5, 8),
                                graph.normal("shift", 0.5, 8),
                                graph.normal("bias", 0.5, 8))));
        operators.add(CONTRIB + "EmbedLayerNormalization", "", false, graph -> {
            String ids = graph.input("ids", DataType.INT32, "batch", 5);
            List<String> operands = List.of(
                    ids,
                    "",
                    graph.normal("words", 1, 20, 8),
                    graph.normal("positions", 1, 19, 8),
                    "",
                    graph.uniform("scale", 0.5, 1.5, 8),
                    graph.normal("shift", 0.5, 8));
            String embedded = graph.nodes(CONTRIB + "EmbedLayerNormalization", operands, 2)
                    .get(0);
            return graph.linear("proj", graph.follow(embedded, "batch", 5, 8), 3);
        });
        operators.tokens(
                CONTRIB + "SkipSimplifiedLayerNormalization",
                "",
                (graph, x) -> like(
                        graph,
                        x,
                        CONTRIB + "SkipSimplifiedLayerNormalization",
                        List.of(x, graph.linear("skip", x, 8), graph.uniform("scale", 0.5, 1.5, 8))));
    }

    private static List<String> affine(GraphBuilder graph, String x, long channels) {
        return List.of(x, graph.uniform("scale", 0.5, 1.5, channels), graph.normal("shift", 0.5, channels));
    }

    private void recurrent() {
        for (Cell cell : Cell.values()) {
            for (boolean both : new boolean[] {false, true}) {
                operators.add(cell.name(), both ? "both ways" : "", false, graph -> recurrent(graph, cell, both));
            }
        }
    }

    private static String recurrent(GraphBuilder graph, Cell cell, boolean both) {
        long ways = both ? 2 : 1;
        long hidden = 5;
        String x = graph.linear("embed", graph.input("x", "sequence", "batch", 7), 6);
        List<String> operands = List.of(
                x,
                graph.normal("W", 0.5, ways, cell.gates() * hidden, 6),
                graph.normal("R", 0.5, ways, cell.gates() * hidden, hidden),
                graph.normal("B", 0.3, ways, 2 * cell.gates() * hidden));
        String y = graph.node(
                cell.name(), operands, "hidden_size", hidden, "direction", both ? "bidirectional" : "forward");
        String turned = graph.node("Transpose", List.of(y), "perm", new long[] {0, 2, 1, 3});
        String flat = graph.node("Reshape", List.of(turned, graph.constant(Tensors.vector(0, 0, ways * hidden))));
        return graph.linear("proj", graph.follow(flat, "sequence", "batch", ways * hidden), 3);
    }
}
