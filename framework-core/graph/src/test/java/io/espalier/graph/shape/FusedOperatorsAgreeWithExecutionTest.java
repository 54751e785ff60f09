package io.espalier.graph.shape;

import static io.espalier.graph.shape.OperatorCases.image;
import static io.espalier.graph.shape.OperatorCases.input;
import static io.espalier.spi.tensor.DataType.BOOL;
import static io.espalier.spi.tensor.DataType.FLOAT32;
import static io.espalier.spi.tensor.DataType.INT32;
import static io.espalier.spi.tensor.DataType.INT64;
import static io.espalier.spi.tensor.DataType.INT8;
import static io.espalier.spi.tensor.DataType.UINT8;

import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Operators that are differentiated in parts compute what onnxruntime computes, in shape and value, with gradients that are those of differences. */
class FusedOperatorsAgreeWithExecutionTest {

    private final OperatorCases cases = new OperatorCases();

    @TestFactory
    Stream<DynamicTest> attention() {
        cases.add(
                "attention masked by numbers",
                heads().input("m", FLOAT32, "n 1 t w")
                        .node("Attention", "q k v m -> y", "scale", 0.3, "q_num_heads", 6, "kv_num_heads", 2));
        cases.add(
                "attention masked by conditions",
                heads().input("m", BOOL, "t w")
                        .input("f", BOOL, "t w")
                        .node("Not", "m -> g")
                        .node("Or", "m g -> all")
                        .node("Attention", "q k v all -> y", "q_num_heads", 6, "kv_num_heads", 2));
        cases.add(
                "attention causal",
                input("q", FLOAT32, "n 2 t 4")
                        .input("v", FLOAT32, "n 2 t 3")
                        .node("Attention", "q q v -> y key value scores", "is_causal", 1, "qk_matmul_output_mode", 3));
        cases.add(
                "attention limited",
                heads().node("Attention", "q k v -> y", "softcap", 2.0, "q_num_heads", 6, "kv_num_heads", 2));
        for (int mode = 0; mode < 4; mode++) {
            cases.add(
                    "attention limited and masked, scores of mode " + mode,
                    input("q", FLOAT32, "n 2 t 4")
                            .input("m", FLOAT32, "t t")
                            .node(
                                    "Attention",
                                    "q q q m -> y _ _ scores",
                                    "softcap",
                                    2.0,
                                    "is_causal",
                                    mode == 2 ? 0 : 1,
                                    "qk_matmul_output_mode",
                                    mode));
        }
        cases.add(
                "attention to the keys that are there",
                heads().input("longer", INT64, "n")
                        .vector("one", 1)
                        .node("Add", "longer one -> lengths")
                        .node("Attention", "q k v _ _ _ lengths -> y", "q_num_heads", 6, "kv_num_heads", 2));
        cases.add(
                "contrib attention with past and mask",
                input("x", FLOAT32, "n t 8")
                        .weight("k", 8, 24)
                        .weight("b", 24)
                        .input("past", FLOAT32, "2 n 2 past 4")
                        .node(
                                "com.microsoft.Attention",
                                "x k b _ past -> y present",
                                "num_heads",
                                2,
                                "unidirectional",
                                1));
        cases.add(
                "contrib attention with marks",
                input("x", FLOAT32, "n t 8")
                        .weight("k", 8, 24)
                        .weight("b", 24)
                        .input("marks", INT32, "n t")
                        .node("com.microsoft.Attention", "x k b marks -> y", "num_heads", 2, "scale", 0.4));
        cases.add(
                "contrib attention with marks of queries",
                input("x", FLOAT32, "n t 8")
                        .weight("k", 8, 24)
                        .weight("b", 24)
                        .input("marks", INT32, "n t t")
                        .node("com.microsoft.Attention", "x k b marks -> y", "num_heads", 2));
        cases.add(
                "contrib attention with lengths",
                input("x", FLOAT32, "n t 8")
                        .weight("k", 8, 24)
                        .weight("b", 24)
                        .input("longer", INT32, "n")
                        .constant("one", Tensors.fromDoubles(INT32, List.of(1L), 1))
                        .node("Add", "longer one -> lengths")
                        .node("com.microsoft.Attention", "x k b lengths -> y", "num_heads", 2));
        cases.add(
                "multi-head attention biased",
                input("q", FLOAT32, "n t 8")
                        .input("k", FLOAT32, "n w 8")
                        .input("v", FLOAT32, "n w 8")
                        .weight("b", 24)
                        .input("marks", INT32, "n w")
                        .input("bias", FLOAT32, "n 2 t w")
                        .node("com.microsoft.MultiHeadAttention", "q k v b marks bias -> y", "num_heads", 2));
        return cases.tests();
    }

    /** Queries, keys and values of six heads, of which three share two. */
    private static TestingGraph heads() {
        return input("q", FLOAT32, "n t 24").input("k", FLOAT32, "n w 8").input("v", FLOAT32, "n w 6");
    }

    @TestFactory
    Stream<DynamicTest> positions() {
        cases.add("grouped queries", grouped("q k v _ _ lasts total cosines sines -> y", "do_rotary", 1));
        cases.add(
                "grouped queries that see a window, limited",
                grouped("q k v _ _ lasts total -> y", "local_window_size", 2, "softcap", 1.5));
        cases.add(
                "grouped queries with a sink and biases",
                grouped("q k v _ _ lasts total _ _ _ bias sink -> y")
                        .input("bias", FLOAT32, "n 6 t t")
                        .weight("sink", 6));
        cases.add("grouped queries with a smooth softmax", grouped("q k v _ _ lasts total -> y", "smooth_softmax", 1));
        cases.add(
                "grouped queries at positions that they are given",
                grouped("q k v _ _ lasts total cosines sines ids -> y", "do_rotary", 1));
        cases.add(
                "quantised attention",
                input("x", UINT8, "n t 8")
                        .constant("k", Tensors.fromDoubles(INT8, List.of(8L, 24L), table(192)))
                        .weight("b", 24)
                        .input("s", FLOAT32, "")
                        .input("t", FLOAT32, "")
                        .input("marks", INT32, "n t")
                        .constant("z", Tensors.fromDoubles(UINT8, List.of(), 1))
                        .constant("zero", Tensors.fromDoubles(INT8, List.of(), 0))
                        .node("com.microsoft.QAttention", "x k b s t marks z zero -> y", "num_heads", 2));
        cases.add(
                "heads with a bias of queries",
                input("q", FLOAT32, "n t 8")
                        .input("k", FLOAT32, "n 2 w 4")
                        .weight("b", 24)
                        .node("com.microsoft.MultiHeadAttention", "q k k b -> y", "num_heads", 2));
        cases.add(
                "grouped queries with keys of earlier calls",
                input("q", FLOAT32, "1 t 96")
                        .input("k", FLOAT32, "1 t 32")
                        .input("v", FLOAT32, "1 t 32")
                        .input("pk", FLOAT32, "1 2 past 16")
                        .constant("cosines", table(3, 8))
                        .constant("sines", table(5, 8))
                        .node("Shape", "q -> new", "start", 1, "end", 2)
                        .node("Shape", "pk -> old", "start", 2, "end", 3)
                        .node("Add", "new old -> sum")
                        .node("Cast", "sum -> length", "to", 6)
                        .constant("one", Tensors.fromDoubles(INT32, List.of(1L), 1))
                        .node("Sub", "length one -> last")
                        .node("Squeeze", "length -> total")
                        .node(
                                "com.microsoft.GroupQueryAttention",
                                "q k v pk pk last total cosines sines -> y key value",
                                "num_heads",
                                6,
                                "kv_num_heads",
                                2,
                                "do_rotary",
                                1));
        cases.add(
                "rotary",
                input("x", FLOAT32, "n 2 t 8")
                        .input("ids", INT64, "n t")
                        .constant("cosines", table(3, 4))
                        .constant("sines", table(5, 4))
                        .node("RotaryEmbedding", "x cosines sines ids -> y")
                        .node("com.microsoft.RotaryEmbedding", "x ids cosines sines -> z", "interleaved", 1));
        return cases.tests();
    }

    /** Six heads of queries that share two of keys and values, with lengths as long as the operands. */
    private static TestingGraph grouped(String operands, Object... attributes) {
        List<Object> all = new ArrayList<>(List.of("num_heads", 6, "kv_num_heads", 2));
        all.addAll(List.of(attributes));
        return input("q", FLOAT32, "n t 96")
                .input("k", FLOAT32, "n t 32")
                .input("v", FLOAT32, "n t 32")
                .constant("cosines", table(3, 8))
                .constant("sines", table(5, 8))
                .node("Shape", "q -> batch", "start", 0, "end", 1)
                .node("Shape", "q -> long", "start", 1, "end", 2)
                .node("Cast", "long -> length", "to", 6)
                .constant("one", Tensors.fromDoubles(INT32, List.of(1L), 1))
                .node("Sub", "length one -> last")
                .node("Expand", "last batch -> lasts")
                .node("Squeeze", "length -> total")
                .scalar("zero", 0)
                .scalar("next", 1)
                .node("Squeeze", "long -> end")
                .node("Range", "zero end next -> counted")
                .node("Concat", "batch long -> places", "axis", 0)
                .node("Expand", "counted places -> ids")
                .node("com.microsoft.GroupQueryAttention", operands, all.toArray());
    }

    /** Small whole numbers. */
    private static double[] table(int size) {
        double[] values = new double[size];
        Arrays.setAll(values, i -> i * 7 % 5 - 2);
        return values;
    }

    private static Tensor table(int seed, int columns) {
        double[] values = new double[32 * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.sin(seed * i);
        }
        return Tensors.fromDoubles(DataType.FLOAT32, List.of(32L, (long) columns), values);
    }

    @TestFactory
    Stream<DynamicTest> sequences() {
        for (String operator : List.of("LSTM", "GRU")) {
            int gates = operator.equals("LSTM") ? 4 : 3;
            cases.add(
                    operator + " over sequences of several lengths",
                    input("x", FLOAT32, "3 n 3")
                            .input("longer", INT32, "n")
                            .constant("one", Tensors.fromDoubles(INT32, List.of(1L), 1))
                            .node("Add", "longer longer -> twice")
                            .node("Add", "twice one -> lengths")
                            .weight("k", 2, gates * 5, 3)
                            .weight("r", 2, gates * 5, 5)
                            .node(operator, "x k r _ lengths -> y h", "hidden_size", 5, "direction", "bidirectional"));
        }
        for (String direction : List.of("forward", "reverse")) {
            cases.add(
                    "lstm over sequences of an open length, " + direction,
                    input("x", FLOAT32, "t n 3")
                            .input("longer", INT32, "n")
                            .constant("one", Tensors.fromDoubles(INT32, List.of(1L), 1))
                            .node("Add", "longer longer -> twice")
                            .node("Add", "twice one -> lengths")
                            .weight("k", 1, 20, 3)
                            .weight("r", 1, 20, 5)
                            .weight("b", 1, 40)
                            .weight("p", 1, 15)
                            .input("h0", FLOAT32, "1 n 5")
                            .node(
                                    "LSTM",
                                    "x k r b lengths h0 h0 p -> y h c",
                                    "hidden_size",
                                    5,
                                    "direction",
                                    direction));
        }
        cases.add(
                "rnn and gru over sequences of an open length",
                input("x", FLOAT32, "t n 3")
                        .weight("k", 2, 5, 3)
                        .weight("r", 2, 5, 5)
                        .weight("kg", 1, 15, 3)
                        .weight("rg", 1, 15, 5)
                        .weight("b", 1, 30)
                        .node("RNN", "x k r -> y", "hidden_size", 5, "direction", "bidirectional")
                        .node("GRU", "x kg rg b -> z h", "hidden_size", 5, "linear_before_reset", 1));
        cases.add(
                "lstm with limits and coupled gates",
                input("x", FLOAT32, "3 n 3")
                        .weight("k", 1, 20, 3)
                        .weight("r", 1, 20, 5)
                        .node("LSTM", "x k r -> y h c", "hidden_size", 5, "clip", 1.5, "input_forget", 1));
        cases.add(
                "lstm with activations of every kind",
                input("x", FLOAT32, "3 n 3")
                        .weight("k", 2, 20, 3)
                        .weight("r", 2, 20, 5)
                        .node(
                                "LSTM",
                                "x k r -> y h c",
                                "hidden_size",
                                5,
                                "direction",
                                "bidirectional",
                                "activations",
                                new String[] {"HardSigmoid", "ScaledTanh", "LeakyRelu", "Sigmoid", "Affine", "Softsign"
                                },
                                "activation_alpha",
                                new double[] {0.3, 0.7, 0.05, 0.6},
                                "activation_beta",
                                new double[] {0.4, 1.2, 0.1}));
        cases.add(
                "rnn with an activation",
                input("x", FLOAT32, "3 n 3")
                        .weight("k", 1, 5, 3)
                        .weight("r", 1, 5, 5)
                        .node(
                                "RNN",
                                "x k r -> y h",
                                "hidden_size",
                                5,
                                "activations",
                                new String[] {"Elu"},
                                "clip",
                                0.9));
        cases.add(
                "gru with limits",
                input("x", FLOAT32, "3 n 3")
                        .weight("k", 1, 15, 3)
                        .weight("r", 1, 15, 5)
                        .node("GRU", "x k r -> y h", "hidden_size", 5, "clip", 1.5));
        return cases.tests();
    }

    @TestFactory
    Stream<DynamicTest> sumsAndImages() {
        cases.add(
                "einsum with a repeated index",
                input("a", FLOAT32, "n 5 5")
                        .input("b", FLOAT32, "n 5 3")
                        .node("Einsum", "a b -> y", "equation", "bii,bij->bj")
                        .node("Einsum", "a -> trace", "equation", "bii->b"));
        cases.add(
                "einsum with repeated axes",
                input("a", FLOAT32, "n 1 t 6")
                        .input("b", FLOAT32, "n 2 6 w")
                        .node("Einsum", "a b -> y", "equation", "...tc,...cs->...ts"));
        for (String mode : List.of("half_pixel", "output_half_pixel")) {
            for (String kept : List.of("avg", "max")) {
                for (int ratio : List.of(2, 0)) {
                    cases.add(
                            kept + " of regions, " + mode + ", " + ratio + " points",
                            regions()
                                    .node(
                                            "RoiAlign",
                                            "x regions images -> y",
                                            "mode",
                                            kept,
                                            "output_height",
                                            3,
                                            "output_width",
                                            2,
                                            "sampling_ratio",
                                            ratio,
                                            "spatial_scale",
                                            0.7,
                                            "coordinate_transformation_mode",
                                            mode));
                }
            }
        }
        cases.add(
                "deformed windows",
                input("x", FLOAT32, "n 4 5 5")
                        .input("f", FLOAT32, "n 16 2 3")
                        .input("m", FLOAT32, "n 8 2 3")
                        .weight("k", 6, 2, 2, 2)
                        .weight("b", 6)
                        .node(
                                "DeformConv",
                                "x k f b m -> y",
                                "offset_group",
                                2,
                                "group",
                                2,
                                "strides",
                                new long[] {3, 2},
                                "pads",
                                new long[] {1, 0, 0, 2},
                                "dilations",
                                new long[] {2, 2}));
        cases.add(
                "grids",
                image().input("g", FLOAT32, "n t past 2")
                        .node("GridSample", "x g -> a", "align_corners", 1, "padding_mode", "border")
                        .node("GridSample", "x g -> b", "padding_mode", "reflection")
                        .node("GridSample", "x g -> c", "mode", "nearest"));
        cases.add(
                "cubic grids",
                image().input("g", FLOAT32, "n t past 2")
                        .node("GridSample", "x g -> a", "mode", "cubic")
                        .node("GridSample", "x g -> b", "mode", "cubic", "padding_mode", "border")
                        .node(
                                "GridSample",
                                "x g -> c",
                                "mode",
                                "cubic",
                                "align_corners",
                                1,
                                "padding_mode",
                                "reflection"));
        cases.add(
                "signals of half spectra",
                input("x", FLOAT32, "n 5 2").scalar("a", 1).node("DFT", "x _ a -> y", "inverse", 1, "onesided", 1));
        cases.add(
                "signals of half spectra of open extents",
                input("x", FLOAT32, "n t 2").scalar("a", 1).node("DFT", "x _ a -> y", "inverse", 1, "onesided", 1));
        cases.add(
                "signals of half spectra of a given length",
                input("x", FLOAT32, "n 4 2")
                        .scalar("a", 1)
                        .scalar("length", 7)
                        .node("DFT", "x length a -> y", "inverse", 1, "onesided", 1));
        cases.add(
                "frames",
                input("x", FLOAT32, "n 13 1")
                        .scalar("step", 3)
                        .scalar("frame", 5)
                        .constant("window", Tensors.floats(List.of(5L), 0.1f, 0.5f, 1, 0.7f, 0.2f))
                        .node("STFT", "x step window -> y")
                        .node("STFT", "x step _ frame -> z", "onesided", 0));
        cases.add(
                "frames of an open signal",
                input("x", FLOAT32, "n h")
                        .scalar("step", 2)
                        .constant("window", Tensors.floats(List.of(5L), 0.1f, 0.5f, 1, 0.7f, 0.2f))
                        .node("STFT", "x step window -> y"));
        cases.add(
                "spectra",
                input("x", FLOAT32, "n t 2")
                        .scalar("a", 1)
                        .scalar("length", 7)
                        .node("DFT", "x _ a -> y", "inverse", 1)
                        .node("DFT", "x length a -> z"));
        return cases.tests();
    }

    /** An image and regions of it. */
    private static TestingGraph regions() {
        return image().input("corner", FLOAT32, "t 2")
                .input("size", FLOAT32, "t 2")
                .constant("width", Tensors.floats(List.of(), 6f))
                .node("Abs", "size -> positive")
                .node("Mul", "positive width -> extent")
                .node("Add", "corner extent -> end")
                .node("Concat", "corner end -> regions", "axis", 1)
                .constant("zero", Tensors.longs(List.of(), 0))
                .node("Shape", "corner -> count", "start", 0, "end", 1)
                .node("Expand", "zero count -> images");
    }
}
