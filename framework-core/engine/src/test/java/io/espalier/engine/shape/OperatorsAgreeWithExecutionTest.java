package io.espalier.engine.shape;

import static io.espalier.spi.tensor.DataType.BOOL;
import static io.espalier.spi.tensor.DataType.FLOAT32;
import static io.espalier.spi.tensor.DataType.INT32;
import static io.espalier.spi.tensor.DataType.INT64;
import static io.espalier.spi.tensor.DataType.INT8;
import static io.espalier.spi.tensor.DataType.UINT8;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Single operators with symbolic inputs have, at two assignments, the shapes and elements onnxruntime computes. */
class OperatorsAgreeWithExecutionTest {

    private static final List<Map<String, Long>> ASSIGNMENTS = List.of(
            Map.of("n", 2L, "t", 5L, "h", 13L, "w", 10L, "past", 3L),
            Map.of("n", 1L, "t", 4L, "h", 16L, "w", 11L, "past", 6L));

    private final Map<String, TestingGraph> cases = new LinkedHashMap<>();

    @TestFactory
    Stream<DynamicTest> convolutionsAndPools() {
        add(
                "conv",
                image().weight("k", 6, 4, 3, 2)
                        .node(
                                "Conv",
                                "x k -> y",
                                "strides",
                                new long[] {2, 3},
                                "pads",
                                new long[] {1, 0, 0, 1},
                                "dilations",
                                new long[] {2, 1}));
        add(
                "conv same upper",
                image().weight("k", 6, 4, 3, 3)
                        .node("Conv", "x k -> y", "auto_pad", "SAME_UPPER", "strides", new long[] {2, 2}));
        add(
                "conv valid",
                image().weight("k", 6, 4, 3, 3)
                        .node("Conv", "x k -> y", "auto_pad", "VALID", "strides", new long[] {2, 2}));
        add("conv depthwise", image().weight("k", 8, 1, 3, 3).node("Conv", "x k -> y", "group", 4));
        add(
                "conv transposed",
                image().weight("k", 4, 3, 3, 2)
                        .node(
                                "ConvTranspose",
                                "x k -> y",
                                "strides",
                                new long[] {2, 3},
                                "pads",
                                new long[] {1, 0, 0, 1},
                                "output_padding",
                                new long[] {1, 0},
                                "group",
                                2));
        add(
                "conv transposed same",
                image().weight("k", 4, 3, 3, 3)
                        .node("ConvTranspose", "x k -> y", "strides", new long[] {2, 2}, "auto_pad", "SAME_LOWER"));
        add(
                "conv transposed fixed",
                input("x", FLOAT32, "n 4 16 16")
                        .weight("k", 4, 3, 3, 3)
                        .node("ConvTranspose", "x k -> y", "strides", new long[] {2, 2}, "output_shape", new long[] {
                            33, 33
                        }));
        add(
                "conv integer",
                input("x", UINT8, "n 4 h w")
                        .constant("k", Tensors.fromDoubles(UINT8, Tensors.shape(6, 4, 3, 3), new double[216]))
                        .node("ConvInteger", "x k -> y"));
        for (int ceil = 0; ceil <= 1; ceil++) {
            for (long padding = 0; padding <= 1; padding++) {
                add(
                        "max pool " + ceil + padding,
                        image().node(
                                        "MaxPool",
                                        "x -> y indices",
                                        "kernel_shape",
                                        new long[] {3, 2},
                                        "strides",
                                        new long[] {2, 3},
                                        "ceil_mode",
                                        ceil,
                                        "pads",
                                        new long[] {1, 0, padding, padding},
                                        "dilations",
                                        new long[] {1, 2}));
                add(
                        "average pool " + ceil + padding,
                        image().node(
                                        "AveragePool",
                                        "x -> y",
                                        "kernel_shape",
                                        new long[] {2, 2},
                                        "strides",
                                        new long[] {3, 3},
                                        "ceil_mode",
                                        ceil,
                                        "pads",
                                        new long[] {padding, 0, 1, 1}));
            }
        }
        add(
                "lp pool same",
                image().node(
                                "LpPool",
                                "x -> y",
                                "kernel_shape",
                                new long[] {3, 2},
                                "strides",
                                new long[] {2, 3},
                                "auto_pad",
                                "SAME_UPPER"));
        add("global pools", image().node("GlobalAveragePool", "x -> a").node("GlobalMaxPool", "x -> m"));
        add(
                "unpool",
                input("x", FLOAT32, "n 4 8 6")
                        .node("MaxPool", "x -> p i", "kernel_shape", new long[] {2, 2}, "strides", new long[] {2, 2})
                        .node("MaxUnpool", "p i -> y", "kernel_shape", new long[] {2, 2}, "strides", new long[] {2, 2
                        }));
        return tests();
    }

    @TestFactory
    Stream<DynamicTest> products() {
        add(
                "matmul",
                input("a", FLOAT32, "n 1 t 6").input("b", FLOAT32, "3 6 w").node("MatMul", "a b -> y"));
        add(
                "matmul vectors",
                input("a", FLOAT32, "6")
                        .input("b", FLOAT32, "n 6 w")
                        .input("c", FLOAT32, "6")
                        .node("MatMul", "a b -> left")
                        .node("MatMul", "a c -> dot"));
        add(
                "gemm",
                input("a", FLOAT32, "6 n")
                        .input("b", FLOAT32, "w 6")
                        .node("Gemm", "a b -> y", "transA", 1, "transB", 1));
        add(
                "einsum",
                input("a", FLOAT32, "n t 6")
                        .input("b", FLOAT32, "n w 6")
                        .node("Einsum", "a b -> y", "equation", "btc,bsc->bts")
                        .node("Einsum", "a b -> z", "equation", "...tc, ...sc"));
        add(
                "matmul integer",
                input("a", UINT8, "n t 6")
                        .constant("b", Tensors.fromDoubles(INT8, Tensors.shape(6, 3), new double[18]))
                        .node("MatMulInteger", "a b -> y"));
        add(
                "fused matmul",
                input("a", FLOAT32, "n 6 t")
                        .input("b", FLOAT32, "n w 6")
                        .node("com.microsoft.FusedMatMul", "a b -> y", "transA", 1, "transB", 1, "alpha", 0.5));
        add(
                "fused conv",
                image().weight("k", 6, 4, 3, 3)
                        .node("com.microsoft.FusedConv", "x k -> y", "activation", "Relu", "strides", new long[] {2, 2
                        }));
        add(
                "fused gemm",
                input("a", FLOAT32, "n 6")
                        .weight("b", 6, 3)
                        .node("com.microsoft.FusedGemm", "a b -> y", "activation", "Relu"));
        return tests();
    }

    @TestFactory
    Stream<DynamicTest> reshapingAndIndexing() {
        add("reshape", image().vector("to", 0, -1, 2).node("Reshape", "x to -> y"));
        add(
                "reshape by shape",
                image().node("Shape", "x -> s", "start", -2)
                        .vector("front", -1, 2)
                        .node("Concat", "front s -> to", "axis", 0)
                        .node("Reshape", "x to -> y"));
        add("flatten", image().node("Flatten", "x -> y", "axis", 2).node("Flatten", "x -> z", "axis", -4));
        add(
                "squeeze",
                input("x", FLOAT32, "n 1 t 1")
                        .vector("axes", 1, -1)
                        .node("Squeeze", "x axes -> y")
                        .node("Unsqueeze", "y axes -> z"));
        add("transpose", image().node("Transpose", "x -> y").node("Transpose", "x -> z", "perm", new long[] {0, 2, 3, 1
        }));
        add(
                "concat and split",
                image().node("Concat", "x x x -> y", "axis", -3)
                        .vector("sizes", 2, 9, 1)
                        .node("Split", "y sizes -> a b c", "axis", 1)
                        .node("Split", "x -> d e f", "axis", 2, "num_outputs", 3));
        add(
                "slice",
                image().vector("starts", 1, -3, 0)
                        .vector("ends", 9, Long.MAX_VALUE, -2)
                        .vector("axes", 2, 3, 1)
                        .vector("steps", 2, 1, 1)
                        .node("Slice", "x starts ends axes steps -> y"));
        add(
                "slice backwards",
                image().vector("starts", -1, 6)
                        .vector("ends", Long.MIN_VALUE + 1, 1)
                        .vector("axes", 3, 2)
                        .vector("steps", -1, -2)
                        .node("Slice", "x starts ends axes steps -> y"));
        add(
                "slice beyond",
                image().vector("starts", 12)
                        .vector("ends", 15)
                        .vector("axes", 2)
                        .node("Slice", "x starts ends axes -> y"));
        add(
                "slice computed",
                input("x", FLOAT32, "n t")
                        .input("cache", FLOAT32, "n past")
                        .weight("table", 64, 8)
                        .node("Shape", "cache -> p", "start", 1)
                        .node("Shape", "x -> q", "start", 1)
                        .node("Add", "p q -> end")
                        .vector("axes", 0)
                        .node("Slice", "table p end axes -> y"));
        add(
                "gather",
                image().scalar("i", -1)
                        .node("Gather", "x i -> y", "axis", 2)
                        .input("ids", INT64, "t 3")
                        .node("Gather", "x ids -> z", "axis", 1));
        add("gather elements", image().input("ids", INT64, "n 4 h 2").node("GatherElements", "x ids -> y", "axis", -1));
        add("gather nd", image().input("ids", INT64, "n t 2").node("GatherND", "x ids -> y", "batch_dims", 1));
        add("scatter", image().input("ids", INT64, "n 4 h w").node("ScatterElements", "x ids x -> y", "axis", 1));
        add(
                "pad",
                image().vector("pads", 1, 2)
                        .vector("axes", -1)
                        .node("Pad", "x pads _ axes -> y")
                        .vector("all", 0, 1, 2, 0, 0, 0, 1, 3)
                        .node("Pad", "x all -> z", "mode", "reflect"));
        add("expand", input("x", FLOAT32, "n 1 4").vector("to", 3, 1, 7, 1).node("Expand", "x to -> y"));
        add("tile", image().vector("r", 1, 2, 1, 3).node("Tile", "x r -> y"));
        add(
                "depth to space",
                image().node("DepthToSpace", "x -> y", "blocksize", 2).node("SpaceToDepth", "y -> z", "blocksize", 2));
        add(
                "where",
                input("c", BOOL, "n 1 w")
                        .input("a", FLOAT32, "t w")
                        .input("b", FLOAT32, "1")
                        .node("Where", "c a b -> y"));
        add("trilu", image().node("Trilu", "x -> y").scalar("a", 1).node("CumSum", "x a -> z"));
        add("center crop", image().vector("to", 8, 20).node("CenterCropPad", "x to -> y", "axes", new long[] {2, 3}));
        add(
                "col2im",
                input("x", FLOAT32, "n 8 15")
                        .vector("image", 5, 6)
                        .vector("block", 1, 2)
                        .node(
                                "Col2Im",
                                "x image block -> y",
                                "pads",
                                new long[] {0, 0, 0, 0},
                                "strides",
                                new long[] {1, 2},
                                "dilations",
                                new long[] {1, 1}));
        return tests();
    }

    @TestFactory
    Stream<DynamicTest> elementsAndNorms() {
        add(
                "broadcast",
                input("a", FLOAT32, "n 1 w")
                        .input("b", FLOAT32, "t 1")
                        .node("Add", "a b -> y")
                        .node("Less", "a b -> l")
                        .node("Max", "a b y -> m"));
        add(
                "reduce",
                image().vector("axes", 1, -1)
                        .node("ReduceMean", "x axes -> y", "keepdims", 0)
                        .node("ReduceSum", "x -> s", "noop_with_empty_axes", 1)
                        .node("ReduceMax", "x -> z")
                        .node("ArgMax", "x -> i", "axis", 1, "keepdims", 0));
        add("layer norm", image().weight("g", 1).node("LayerNormalization", "x g -> y mean deviation", "axis", 3));
        add("rms norm", input("x", FLOAT32, "n t 8").weight("g", 8).node("RMSNormalization", "x g -> y"));
        add(
                "group norm",
                image().weight("s", 4)
                        .node("GroupNormalization", "x s s -> y", "num_groups", 2)
                        .node("InstanceNormalization", "x s s -> z"));
        add(
                "cast",
                image().node("Cast", "x -> y", "to", 7)
                        .node("CastLike", "x y -> z")
                        .node("IsNaN", "x -> b"));
        add("dropout", image().node("Dropout", "x -> y mask"));
        add(
                "quantise",
                image().constant("s", Tensors.floats(List.of(), 0.1f))
                        .constant("z", Tensors.fromDoubles(INT8, List.of(), 0))
                        .node("QuantizeLinear", "x s z -> q")
                        .node("DequantizeLinear", "q s z -> y")
                        .node("DynamicQuantizeLinear", "x -> d ds dz"));
        add(
                "skip layer norm",
                input("x", FLOAT32, "n t 8")
                        .weight("g", 8)
                        .node("com.microsoft.SkipLayerNormalization", "x x g g -> y _ _ sum"));
        add(
                "embed layer norm",
                input("ids", INT32, "n t")
                        .weight("words", 9, 8)
                        .weight("positions", 9, 8)
                        .weight("g", 8)
                        .node("com.microsoft.EmbedLayerNormalization", "ids _ words positions _ g g -> y mask"));
        add(
                "gelus",
                input("x", FLOAT32, "n t 8")
                        .weight("b", 8)
                        .node("com.microsoft.Gelu", "x -> a")
                        .node("com.microsoft.FastGelu", "x b -> c")
                        .node("com.microsoft.BiasGelu", "x b -> d")
                        .node("com.microsoft.QuickGelu", "x -> e"));
        add(
                "swish",
                image().node("Gelu", "x -> a")
                        .node("Mish", "x -> b")
                        .node("HardSwish", "x -> c")
                        .node("Softmax", "x -> d")
                        .node("LpNormalization", "x -> e"));
        return tests();
    }

    @TestFactory
    Stream<DynamicTest> recurrenceAndAttention() {
        for (String direction : List.of("forward", "bidirectional")) {
            int d = direction.equals("forward") ? 1 : 2;
            add(
                    "lstm " + direction,
                    input("x", FLOAT32, "t n 3")
                            .weight("k", d, 20, 3)
                            .weight("r", d, 20, 5)
                            .node("LSTM", "x k r -> y h c", "hidden_size", 5, "direction", direction));
            add(
                    "gru " + direction,
                    input("x", FLOAT32, "t n 3")
                            .weight("k", d, 15, 3)
                            .weight("r", d, 15, 5)
                            .node("GRU", "x k r -> y h", "hidden_size", 5, "direction", direction));
        }
        add(
                "attention 4d",
                input("q", FLOAT32, "n 6 t 8")
                        .input("k", FLOAT32, "n 2 w 8")
                        .input("v", FLOAT32, "n 2 w 5")
                        .input("pk", FLOAT32, "n 2 past 8")
                        .input("pv", FLOAT32, "n 2 past 5")
                        .node("Attention", "q k v _ pk pv -> y key value scores"));
        add(
                "attention 3d",
                input("q", FLOAT32, "n t 24")
                        .input("k", FLOAT32, "n w 8")
                        .input("v", FLOAT32, "n w 6")
                        .node("Attention", "q k v -> y", "q_num_heads", 6, "kv_num_heads", 2));
        add(
                "contrib attention",
                input("x", FLOAT32, "n t 8")
                        .weight("k", 8, 24)
                        .weight("b", 24)
                        .node("com.microsoft.Attention", "x k b -> y", "num_heads", 2));
        add(
                "multi-head attention",
                input("q", FLOAT32, "n t 8")
                        .input("k", FLOAT32, "n w 8")
                        .input("v", FLOAT32, "n w 6")
                        .node("com.microsoft.MultiHeadAttention", "q k v -> y", "num_heads", 2));
        add(
                "multi-head attention with past",
                input("q", FLOAT32, "n t 8")
                        .input("pk", FLOAT32, "n 2 past 4")
                        .node("com.microsoft.MultiHeadAttention", "q q q _ _ _ pk pk -> y key value", "num_heads", 2));
        return tests();
    }

    @TestFactory
    Stream<DynamicTest> imagesAndSelections() {
        add(
                "resize scales",
                image().constant("s", Tensors.floats(List.of(4L), 1, 1, 2, 0.5f))
                        .node("Resize", "x _ s -> y", "mode", "nearest"));
        add(
                "resize odd scales",
                image().constant("s", Tensors.floats(List.of(2L), 0.7f, 1 / 3f))
                        .node("Resize", "x _ s -> y", "mode", "nearest", "axes", new long[] {2, 3}));
        add(
                "resize to another",
                image().input("z", FLOAT32, "n 4 t past")
                        .node("Shape", "z -> s", "start", 2)
                        .node("Resize", "x _ _ s -> y", "mode", "nearest", "axes", new long[] {2, 3}));
        add(
                "resize by floored product",
                image().node("Shape", "x -> s", "start", 2)
                        .node("Cast", "s -> f", "to", 1)
                        .constant("half", Tensors.floats(List.of(), 1.5f))
                        .node("Mul", "f half -> g")
                        .node("Floor", "g -> k")
                        .node("Cast", "k -> to", "to", 7)
                        .node("Shape", "x -> front", "end", 2)
                        .node("Concat", "front to -> all", "axis", 0)
                        .node("Resize", "x _ _ all -> y", "mode", "nearest"));
        add("grid sample", image().input("g", FLOAT32, "n t past 2").node("GridSample", "x g -> y"));
        add("top k", image().vector("k", 3).node("TopK", "x k -> v i", "axis", 2));
        add(
                "one hot",
                input("i", INT64, "n t")
                        .scalar("d", 7)
                        .vector("values", 0, 1)
                        .node("OneHot", "i d values -> y", "axis", 1));
        add(
                "range",
                input("x", FLOAT32, "n t")
                        .node("Size", "x -> size")
                        .scalar("zero", 0)
                        .scalar("two", 2)
                        .node("Range", "zero size two -> y"));
        add(
                "constant of shape",
                input("x", FLOAT32, "n t")
                        .node("Shape", "x -> s")
                        .node("ConstantOfShape", "s -> y", "value", Tensors.vector(3))
                        .node("EyeLike", "y -> e"));
        add(
                "data decides",
                input("x", FLOAT32, "n t")
                        .node("NonZero", "x -> a")
                        .node("Unique", "x -> v f b c")
                        .node("Unique", "x -> u", "axis", 1)
                        .node("Shape", "a -> s"));
        add(
                "non-maximum suppression",
                input("b", FLOAT32, "n t 4")
                        .input("s", FLOAT32, "n 2 t")
                        .scalar("most", 2)
                        .node("NonMaxSuppression", "b s most -> y"));
        add(
                "dft",
                input("x", FLOAT32, "n t 1")
                        .scalar("a", 1)
                        .node("DFT", "x _ a -> y")
                        .node("DFT", "x _ a -> z", "onesided", 1));
        return tests();
    }

    private static TestingGraph image() {
        return input("x", FLOAT32, "n 4 h w");
    }

    private static TestingGraph input(String name, DataType type, String shape) {
        return new TestingGraph().input(name, type, shape);
    }

    private void add(String name, TestingGraph graph) {
        cases.put(name, graph);
    }

    private Stream<DynamicTest> tests() {
        return cases.entrySet().stream()
                .map(entry -> dynamicTest(entry.getKey(), () -> {
                    Graph graph = entry.getValue().build();
                    ExecutedShapes executed = new ExecutedShapes(graph);
                    executed.checkComplete();
                    ASSIGNMENTS.forEach(extents -> executed.checkDataDependent(ExecutedShapes.inputs(graph, extents)));
                }));
    }
}
