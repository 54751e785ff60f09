package io.espalier.graph.shape;

import static io.espalier.graph.shape.OperatorCases.image;
import static io.espalier.graph.shape.OperatorCases.input;
import static io.espalier.spi.tensor.DataType.BOOL;
import static io.espalier.spi.tensor.DataType.FLOAT32;
import static io.espalier.spi.tensor.DataType.INT16;
import static io.espalier.spi.tensor.DataType.INT32;
import static io.espalier.spi.tensor.DataType.INT64;
import static io.espalier.spi.tensor.DataType.INT8;
import static io.espalier.spi.tensor.DataType.UINT8;

import io.espalier.spi.tensor.Tensors;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Products, reshapes, element-wise operators, recurrence and attention have the shapes onnxruntime computes, and gradients that
 * are those of differences. */
class TensorOperatorsAgreeWithExecutionTest {

    private final OperatorCases cases = new OperatorCases();

    @TestFactory
    Stream<DynamicTest> products() {
        cases.add(
                "matmul",
                input("a", FLOAT32, "n 1 t 6").input("b", FLOAT32, "3 6 w").node("MatMul", "a b -> y"));
        cases.add(
                "matmul vectors",
                input("a", FLOAT32, "6")
                        .input("b", FLOAT32, "n 6 w")
                        .input("c", FLOAT32, "6")
                        .node("MatMul", "a b -> left")
                        .node("MatMul", "a c -> dot"));
        cases.add(
                "gemm",
                input("a", FLOAT32, "6 n")
                        .input("b", FLOAT32, "w 6")
                        .node("Gemm", "a b -> y", "transA", 1, "transB", 1));
        cases.add(
                "einsum",
                input("a", FLOAT32, "n t 6")
                        .input("b", FLOAT32, "n w 6")
                        .node("Einsum", "a b -> y", "equation", "btc,bsc->bts")
                        .node("Einsum", "a b -> z", "equation", "...tc, ...sc"));
        cases.add(
                "matmul integer",
                input("a", UINT8, "n t 6")
                        .constant("b", Tensors.fromDoubles(INT8, Tensors.shape(6, 3), new double[18]))
                        .node("MatMulInteger", "a b -> y"));
        cases.add(
                "fused matmul",
                input("a", FLOAT32, "n 6 t")
                        .input("b", FLOAT32, "n w 6")
                        .node("com.microsoft.FusedMatMul", "a b -> y", "transA", 1, "transB", 1, "alpha", 0.5));
        cases.add(
                "fused matmul with batches inside",
                input("a", FLOAT32, "6 n t")
                        .input("b", FLOAT32, "w n 6")
                        .node(
                                "com.microsoft.FusedMatMul",
                                "a b -> y",
                                "transBatchA",
                                1,
                                "transA",
                                1,
                                "transBatchB",
                                1,
                                "transB",
                                1));
        cases.add(
                "fused activations with parameters",
                image().weight("k", 6, 4, 3, 3)
                        .input("a", FLOAT32, "n 6")
                        .weight("b", 6, 3)
                        .node(
                                "com.microsoft.FusedConv",
                                "x k -> y",
                                "activation",
                                "HardSigmoid",
                                "activation_params",
                                new double[] {0.1, 0.4})
                        .node(
                                "com.microsoft.FusedGemm",
                                "a b -> z",
                                "activation",
                                "LeakyRelu",
                                "activation_alpha",
                                0.3));
        cases.add(
                "fused conv",
                image().weight("k", 6, 4, 3, 3)
                        .node("com.microsoft.FusedConv", "x k -> y", "activation", "Relu", "strides", new long[] {2, 2
                        }));
        cases.add(
                "fused gemm",
                input("a", FLOAT32, "n 6")
                        .weight("b", 6, 3)
                        .node("com.microsoft.FusedGemm", "a b -> y", "activation", "Relu"));
        return cases.tests();
    }

    @TestFactory
    Stream<DynamicTest> reshapingAndIndexing() {
        cases.add("reshape", image().vector("to", 0, -1, 2).node("Reshape", "x to -> y"));
        cases.add(
                "reshape by shape",
                image().node("Shape", "x -> s", "start", -2)
                        .vector("front", -1, 2)
                        .node("Concat", "front s -> to", "axis", 0)
                        .node("Reshape", "x to -> y"));
        cases.add("flatten", image().node("Flatten", "x -> y", "axis", 2).node("Flatten", "x -> z", "axis", -4));
        cases.add(
                "squeeze",
                input("x", FLOAT32, "n 1 t 1")
                        .vector("axes", 1, -1)
                        .node("Squeeze", "x axes -> y")
                        .node("Unsqueeze", "y axes -> z"));
        cases.add(
                "transpose",
                image().node("Transpose", "x -> y").node("Transpose", "x -> z", "perm", new long[] {0, 2, 3, 1}));
        cases.add(
                "concat and split",
                image().node("Concat", "x x x -> y", "axis", -3)
                        .vector("sizes", 2, 9, 1)
                        .node("Split", "y sizes -> a b c", "axis", 1)
                        .node("Split", "x -> d e f", "axis", 2, "num_outputs", 3));
        cases.add(
                "slice",
                image().vector("starts", 1, -3, 0)
                        .vector("ends", 9, Long.MAX_VALUE, -2)
                        .vector("axes", 2, 3, 1)
                        .vector("steps", 2, 1, 1)
                        .node("Slice", "x starts ends axes steps -> y"));
        cases.add(
                "slice backwards",
                image().vector("starts", -1, 6)
                        .vector("ends", Long.MIN_VALUE + 1, 1)
                        .vector("axes", 3, 2)
                        .vector("steps", -1, -2)
                        .node("Slice", "x starts ends axes steps -> y"));
        cases.add(
                "slice beyond",
                image().vector("starts", 12)
                        .vector("ends", 15)
                        .vector("axes", 2)
                        .node("Slice", "x starts ends axes -> y"));
        cases.add(
                "slice computed",
                input("x", FLOAT32, "n t")
                        .input("cache", FLOAT32, "n past")
                        .weight("table", 64, 8)
                        .node("Shape", "cache -> p", "start", 1)
                        .node("Shape", "x -> q", "start", 1)
                        .node("Add", "p q -> end")
                        .vector("axes", 0)
                        .node("Slice", "table p end axes -> y"));
        cases.add(
                "gather",
                image().scalar("i", -1)
                        .node("Gather", "x i -> y", "axis", 2)
                        .input("ids", INT64, "t 3")
                        .node("Gather", "x ids -> z", "axis", 1));
        cases.add(
                "gather elements",
                image().input("ids", INT64, "n 4 h 2").node("GatherElements", "x ids -> y", "axis", -1));
        cases.add(
                "compress in a row",
                input("x", FLOAT32, "3 4").input("c", BOOL, "9").node("Compress", "x c -> y"));
        cases.add("gather nd", image().input("ids", INT64, "n t 2").node("GatherND", "x ids -> y", "batch_dims", 1));
        cases.add(
                "scatter",
                image().input("ids", INT64, "n 1 h w")
                        .vector("axes", 1)
                        .node("ReduceMean", "x axes -> u")
                        .node("ScatterElements", "x ids u -> y", "axis", 1));
        for (String reduction : List.of("none", "add", "mul", "max", "min")) {
            cases.add(
                    "scatter by " + reduction,
                    input("x", FLOAT32, "4 t")
                            .constant("ids", Tensors.longs(List.of(2L, 3L), 0, 1, 3, 3, 0, 2))
                            .constant("rows", Tensors.longs(List.of(2L, 1L), 3, 1))
                            .input("u", FLOAT32, "2 3")
                            .input("b", FLOAT32, "2 t")
                            .node("ScatterElements", "x ids u -> y", "reduction", reduction)
                            .node("ScatterND", "x rows b -> z", "reduction", reduction));
        }
        cases.add(
                "products with a zero",
                input("x", FLOAT32, "4 t")
                        .constant("rows", Tensors.longs(List.of(3L, 1L), 3, 3, 1))
                        .input("b", FLOAT32, "3 t")
                        .constant("ones", Tensors.longs(List.of(3L, 1L), 1, 0, 0))
                        .node("Cast", "ones -> there", "to", 1)
                        .node("Mul", "b there -> some")
                        .node("ScatterND", "x rows some -> y", "reduction", "mul")
                        .vector("axes", 0)
                        .node("Slice", "some first last -> two")
                        .vector("first", 0)
                        .vector("last", 2)
                        .node("ReduceProd", "two axes -> z", "keepdims", 0));
        cases.add(
                "scatter nothing",
                image().constant("ids", Tensors.longs(List.of(0L, 3L, 2L)))
                        .constant("u", Tensors.floats(List.of(0L, 3L, 5L, 5L)))
                        .node("CenterCropPad", "x to -> square", "axes", new long[] {2, 3})
                        .vector("to", 5, 5)
                        .node("ScatterND", "square ids u -> y"));
        cases.add(
                "pad",
                image().vector("pads", 1, 2)
                        .vector("axes", -1)
                        .node("Pad", "x pads _ axes -> y")
                        .vector("all", 0, 1, 2, 0, 0, 0, 1, 3)
                        .node("Pad", "x all -> z", "mode", "reflect"));
        cases.add(
                "expand", input("x", FLOAT32, "n 1 4").vector("to", 3, 1, 7, 1).node("Expand", "x to -> y"));
        cases.add("tile", image().vector("r", 1, 2, 1, 3).node("Tile", "x r -> y"));
        cases.add(
                "depth to space",
                image().node("DepthToSpace", "x -> y", "blocksize", 2).node("SpaceToDepth", "y -> z", "blocksize", 2));
        cases.add(
                "where",
                input("c", BOOL, "n 1 w")
                        .input("a", FLOAT32, "t w")
                        .input("b", FLOAT32, "1")
                        .node("Where", "c a b -> y"));
        cases.add("trilu", image().node("Trilu", "x -> y").scalar("a", 1).node("CumSum", "x a -> z"));
        cases.add("center crop", image().vector("to", 8, 20).node("CenterCropPad", "x to -> y", "axes", new long[] {2, 3
        }));
        cases.add(
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
        return cases.tests();
    }

    @TestFactory
    Stream<DynamicTest> elementsAndNorms() {
        cases.add(
                "broadcast",
                input("a", FLOAT32, "n 1 w")
                        .input("b", FLOAT32, "t 1")
                        .node("Add", "a b -> y")
                        .node("Less", "a b -> l")
                        .node("Max", "a b y -> m"));
        cases.add(
                "reduce",
                image().vector("axes", 1, -1)
                        .node("ReduceMean", "x axes -> y", "keepdims", 0)
                        .node("ReduceSum", "x -> s", "noop_with_empty_axes", 1)
                        .node("ReduceMax", "x -> z")
                        .node("ArgMax", "x -> i", "axis", 1, "keepdims", 0));
        cases.add(
                "layer norm", image().weight("g", 1).node("LayerNormalization", "x g -> y mean deviation", "axis", 3));
        cases.add("rms norm", input("x", FLOAT32, "n t 8").weight("g", 8).node("RMSNormalization", "x g -> y"));
        cases.add(
                "group norm",
                image().weight("s", 4)
                        .node("GroupNormalization", "x s s -> y", "num_groups", 2)
                        .node("InstanceNormalization", "x s s -> z"));
        cases.add(
                "cast",
                image().node("Cast", "x -> y", "to", 7)
                        .node("CastLike", "x y -> z")
                        .node("IsNaN", "x -> b"));
        cases.add("dropout", image().node("Dropout", "x -> y mask"));
        cases.add(
                "quantise finely",
                image().constant("s", Tensors.floats(List.of(), 1.5e-4f))
                        .constant("z", Tensors.fromDoubles(INT16, List.of(), 5))
                        .node("QuantizeLinear", "x s z -> q")
                        .node("DequantizeLinear", "q s z -> y"));
        cases.add(
                "dequantise by scales",
                input("q", INT8, "n 4 t")
                        .input("s", FLOAT32, "4")
                        .constant("points", Tensors.fromDoubles(INT8, List.of(4L), 5, -3, 0, 2))
                        .node("DequantizeLinear", "q s points -> y"));
        cases.add(
                "quantise blocks finely",
                input("x", FLOAT32, "n 7 t")
                        .constant("numbers", Tensors.longs(List.of(3L), 150, 200, 130))
                        .constant("small", Tensors.floats(List.of(), 1e-6f))
                        .node("Cast", "numbers -> real", "to", 1)
                        .node("Mul", "real small -> row")
                        .vector("axes", 0, 2)
                        .node("Unsqueeze", "row axes -> column")
                        .node("Shape", "x -> n", "start", 0, "end", 1)
                        .node("Shape", "x -> t", "start", 2, "end", 3)
                        .vector("one", 1)
                        .node("Concat", "n one t -> extents", "axis", 0)
                        .node("Expand", "column extents -> s")
                        .node("QuantizeLinear", "x s -> q", "axis", 1, "block_size", 3, "output_dtype", 5)
                        .node("DequantizeLinear", "q s -> y", "axis", 1, "block_size", 3));
        cases.add(
                "dequantise by scales of blocks",
                input("q", INT8, "n 7 t")
                        .input("s", FLOAT32, "n 3 t")
                        .node("DequantizeLinear", "q s -> y", "axis", 1, "block_size", 3));
        cases.add(
                "batch norm in training, with what it holds",
                image().weight("s", 4)
                        .weight("m", 4)
                        .constant("v", Tensors.floats(List.of(4L), 1, 2, 0.5f, 1))
                        .node("BatchNormalization", "x s s m v -> y mean variance", "training_mode", 1));
        cases.add(
                "quantise",
                image().constant("s", Tensors.floats(List.of(), 0.1f))
                        .constant("z", Tensors.fromDoubles(INT8, List.of(), 0))
                        .node("QuantizeLinear", "x s z -> q")
                        .node("DequantizeLinear", "q s z -> y")
                        .node("DynamicQuantizeLinear", "x -> d ds dz"));
        cases.add(
                "skip layer norm",
                input("x", FLOAT32, "n t 8")
                        .weight("g", 8)
                        .node("com.microsoft.SkipLayerNormalization", "x x g g -> y _ _ sum"));
        cases.add(
                "embed layer norm",
                input("ids", INT32, "n t")
                        .weight("words", 9, 8)
                        .weight("positions", 9, 8)
                        .weight("g", 8)
                        .node("com.microsoft.EmbedLayerNormalization", "ids _ words positions _ g g -> y mask"));
        cases.add(
                "gelus",
                input("x", FLOAT32, "n t 8")
                        .weight("b", 8)
                        .node("com.microsoft.Gelu", "x -> a")
                        .node("com.microsoft.FastGelu", "x b -> c")
                        .node("com.microsoft.BiasGelu", "x b -> d")
                        .node("com.microsoft.QuickGelu", "x -> e"));
        cases.add(
                "swish",
                image().node("Gelu", "x -> a")
                        .node("Mish", "x -> b")
                        .node("HardSwish", "x -> c")
                        .node("Softmax", "x -> d")
                        .node("LpNormalization", "x -> e"));
        return cases.tests();
    }

    @TestFactory
    Stream<DynamicTest> recurrenceAndAttention() {
        for (String direction : List.of("forward", "bidirectional")) {
            int d = direction.equals("forward") ? 1 : 2;
            cases.add(
                    "lstm " + direction,
                    input("x", FLOAT32, "t n 3")
                            .weight("k", d, 20, 3)
                            .weight("r", d, 20, 5)
                            .node("LSTM", "x k r -> y h c", "hidden_size", 5, "direction", direction));
            cases.add(
                    "gru " + direction,
                    input("x", FLOAT32, "t n 3")
                            .weight("k", d, 15, 3)
                            .weight("r", d, 15, 5)
                            .node("GRU", "x k r -> y h", "hidden_size", 5, "direction", direction));
        }
        cases.add(
                "attention 4d",
                input("q", FLOAT32, "n 6 t 8")
                        .input("k", FLOAT32, "n 2 w 8")
                        .input("v", FLOAT32, "n 2 w 5")
                        .input("pk", FLOAT32, "n 2 past 8")
                        .input("pv", FLOAT32, "n 2 past 5")
                        .node("Attention", "q k v _ pk pv -> y key value scores"));
        cases.add(
                "attention 3d",
                input("q", FLOAT32, "n t 24")
                        .input("k", FLOAT32, "n w 8")
                        .input("v", FLOAT32, "n w 6")
                        .node("Attention", "q k v -> y", "q_num_heads", 6, "kv_num_heads", 2));
        cases.add(
                "contrib attention",
                input("x", FLOAT32, "n t 8")
                        .weight("k", 8, 24)
                        .weight("b", 24)
                        .node("com.microsoft.Attention", "x k b -> y", "num_heads", 2));
        cases.add(
                "multi-head attention",
                input("q", FLOAT32, "n t 8")
                        .input("k", FLOAT32, "n w 8")
                        .input("v", FLOAT32, "n w 6")
                        .node("com.microsoft.MultiHeadAttention", "q k v -> y", "num_heads", 2));
        cases.add(
                "multi-head attention with past",
                input("q", FLOAT32, "n t 8")
                        .input("pk", FLOAT32, "n 2 past 4")
                        .node("com.microsoft.MultiHeadAttention", "q q q _ _ _ pk pk -> y key value", "num_heads", 2));
        return cases.tests();
    }
}
