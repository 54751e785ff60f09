package io.espalier.adapter.tflite;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.lite.schema.*;

/** Operators that are not layers: the lifted graph computes what the interpreter computes. */
class OperatorsTest {

    private static final Map<String, ToIntFunction<TestingTflite>> CASES = new LinkedHashMap<>();

    static {
        unary("RELU", BuiltinOperator.RELU, null);
        unary("RELU6", BuiltinOperator.RELU6, null);
        unary("RELU_N1_TO_1", BuiltinOperator.RELU_N1_TO_1, null);
        unary("ELU", BuiltinOperator.ELU, null);
        unary("HARD_SWISH", BuiltinOperator.HARD_SWISH, new HardSwishOptionsT());
        unary("LOGISTIC", BuiltinOperator.LOGISTIC, null);
        unary("TANH", BuiltinOperator.TANH, null);
        unary("EXP", BuiltinOperator.EXP, new ExpOptionsT());
        unary("ABS", BuiltinOperator.ABS, new AbsOptionsT());
        unary("NEG", BuiltinOperator.NEG, new NegOptionsT());
        unary("SIN", BuiltinOperator.SIN, null);
        unary("COS", BuiltinOperator.COS, new CosOptionsT());
        unary("FLOOR", BuiltinOperator.FLOOR, null);
        unary("CEIL", BuiltinOperator.CEIL, null);
        unary("ROUND", BuiltinOperator.ROUND, null);
        unary("SQUARE", BuiltinOperator.SQUARE, new SquareOptionsT());
        unary("LOG_SOFTMAX", BuiltinOperator.LOG_SOFTMAX, new LogSoftmaxOptionsT());
        unary("L2_NORMALIZATION", BuiltinOperator.L2_NORMALIZATION, new L2NormOptionsT());
        unary("ZEROS_LIKE", BuiltinOperator.ZEROS_LIKE, new ZerosLikeOptionsT());
        for (boolean tanh : new boolean[] {false, true}) {
            GeluOptionsT gelu = new GeluOptionsT();
            gelu.setApproximate(tanh);
            unary("GELU " + tanh, BuiltinOperator.GELU, gelu);
        }
        LeakyReluOptionsT leaky = new LeakyReluOptionsT();
        leaky.setAlpha(0.2f);
        unary("LEAKY_RELU", BuiltinOperator.LEAKY_RELU, leaky);
        SoftmaxOptionsT softmax = new SoftmaxOptionsT();
        softmax.setBeta(0.7f);
        unary("SOFTMAX beta", BuiltinOperator.SOFTMAX, softmax);
        positive("LOG", BuiltinOperator.LOG);
        positive("SQRT", BuiltinOperator.SQRT);
        positive("RSQRT", BuiltinOperator.RSQRT);
        binary("SUB", BuiltinOperator.SUB, new SubOptionsT());
        binary("MUL", BuiltinOperator.MUL, new MulOptionsT());
        binary("DIV", BuiltinOperator.DIV, new DivOptionsT());
        binary("MAXIMUM", BuiltinOperator.MAXIMUM, new MaximumMinimumOptionsT());
        binary("MINIMUM", BuiltinOperator.MINIMUM, new MaximumMinimumOptionsT());
        binary("SQUARED_DIFFERENCE", BuiltinOperator.SQUARED_DIFFERENCE, new SquaredDifferenceOptionsT());
        binary("PRELU", BuiltinOperator.PRELU, null);
        compare("GREATER", BuiltinOperator.GREATER, new GreaterOptionsT());
        compare("GREATER_EQUAL", BuiltinOperator.GREATER_EQUAL, new GreaterEqualOptionsT());
        compare("LESS", BuiltinOperator.LESS, new LessOptionsT());
        compare("LESS_EQUAL", BuiltinOperator.LESS_EQUAL, new LessEqualOptionsT());
        compare("EQUAL", BuiltinOperator.EQUAL, new EqualOptionsT());
        compare("NOT_EQUAL", BuiltinOperator.NOT_EQUAL, new NotEqualOptionsT());
        for (boolean keep : new boolean[] {false, true}) {
            reduce("MEAN", BuiltinOperator.MEAN, keep);
            reduce("SUM", BuiltinOperator.SUM, keep);
            reduce("REDUCE_MAX", BuiltinOperator.REDUCE_MAX, keep);
            reduce("REDUCE_MIN", BuiltinOperator.REDUCE_MIN, keep);
        }
        shapes();
        selections();
        matrices();
    }

    private static void unary(String name, int builtin, Object options) {
        CASES.put(name, m -> m.operator(builtin, options, new int[] {m.input(2, 3, 4, 5)}, 2, 3, 4, 5));
    }

    private static void positive(String name, int builtin) {
        CASES.put(name, m -> {
            int exponential = m.operator(BuiltinOperator.EXP, new ExpOptionsT(), new int[] {m.input(2, 3, 5)}, 2, 3, 5);
            return m.operator(builtin, null, new int[] {exponential}, 2, 3, 5);
        });
    }

    private static void binary(String name, int builtin, Object options) {
        CASES.put(
                name,
                m -> m.operator(builtin, options, new int[] {m.input(1, 3, 4, 5), m.weights(1, 1, 5)}, 1, 3, 4, 5));
    }

    private static void compare(String name, int builtin, Object options) {
        CASES.put(name, m -> {
            int a = m.input(1, 4, 5);
            int condition = m.operator(builtin, options, new int[] {a, m.weights(1, 4, 5)}, TensorType.BOOL, 1, 4, 5);
            return m.operator(
                    BuiltinOperator.SELECT_V2, new SelectV2OptionsT(), new int[] {condition, a, m.weights(5)}, 1, 4, 5);
        });
    }

    private static void reduce(String name, int builtin, boolean keep) {
        CASES.put(name + (keep ? " keep" : ""), m -> {
            ReducerOptionsT options = new ReducerOptionsT();
            options.setKeepDims(keep);
            int[] shape = keep ? new int[] {2, 1, 1, 5} : new int[] {2, 5};
            return m.operator(builtin, options, new int[] {m.input(2, 3, 4, 5), m.vector(1, -2)}, shape);
        });
    }

    private static void shapes() {
        CASES.put("RESHAPE options only", m -> {
            ReshapeOptionsT options = new ReshapeOptionsT();
            options.setNewShape(new int[] {2, -1});
            return m.operator(BuiltinOperator.RESHAPE, options, new int[] {m.input(2, 3, 4)}, 2, 12);
        });
        CASES.put("SQUEEZE", m -> {
            SqueezeOptionsT options = new SqueezeOptionsT();
            options.setSqueezeDims(new int[] {1});
            return m.operator(BuiltinOperator.SQUEEZE, options, new int[] {m.input(2, 1, 4)}, 2, 4);
        });
        CASES.put(
                "EXPAND_DIMS",
                m -> m.operator(
                        BuiltinOperator.EXPAND_DIMS,
                        new ExpandDimsOptionsT(),
                        new int[] {m.input(2, 4), m.scalar(1)},
                        2,
                        1,
                        4));
        CASES.put(
                "TRANSPOSE",
                m -> m.operator(
                        BuiltinOperator.TRANSPOSE,
                        new TransposeOptionsT(),
                        new int[] {m.input(2, 3, 4), m.vector(2, 0, 1)},
                        4,
                        2,
                        3));
        CASES.put(
                "TILE",
                m -> m.operator(
                        BuiltinOperator.TILE, new TileOptionsT(), new int[] {m.input(2, 3), m.vector(2, 3)}, 4, 9));
        CASES.put("BROADCAST_TO", m -> {
            m.version(BuiltinOperator.BROADCAST_TO, 2);
            return m.operator(
                    BuiltinOperator.BROADCAST_TO,
                    new BroadcastToOptionsT(),
                    new int[] {m.input(1, 3), m.vector(4, 3)},
                    4,
                    3);
        });
        CASES.put(
                "PAD",
                m -> m.operator(
                        BuiltinOperator.PAD,
                        new PadOptionsT(),
                        new int[] {m.input(1, 3, 4), m.ints(new int[] {3, 2}, 0, 0, 1, 2, 3, 0)},
                        1,
                        6,
                        7));
        CASES.put(
                "PADV2",
                m -> m.operator(
                        BuiltinOperator.PADV2,
                        new PadV2OptionsT(),
                        new int[] {
                            m.input(1, 3, 4),
                            m.ints(new int[] {3, 2}, 0, 0, 1, 2, 3, 0),
                            m.floats(new float[] {7}, new int[0])
                        },
                        1,
                        6,
                        7));
        CASES.put("MIRROR_PAD", m -> {
            MirrorPadOptionsT options = new MirrorPadOptionsT();
            options.setMode(MirrorPadMode.REFLECT);
            return m.operator(
                    BuiltinOperator.MIRROR_PAD,
                    options,
                    new int[] {m.input(1, 3, 4), m.ints(new int[] {3, 2}, 0, 0, 1, 2, 3, 0)},
                    1,
                    6,
                    7);
        });
        CASES.put("PACK", m -> {
            PackOptionsT options = new PackOptionsT();
            options.setAxis(1);
            options.setValuesCount(2);
            return m.operator(BuiltinOperator.PACK, options, new int[] {m.input(2, 3), m.weights(2, 3)}, 2, 2, 3);
        });
        CASES.put("UNPACK", m -> {
            UnpackOptionsT options = new UnpackOptionsT();
            options.setAxis(1);
            options.setNum(2);
            int a = m.value(TensorType.FLOAT32, 2, 3);
            int b = m.value(TensorType.FLOAT32, 2, 3);
            m.operator(BuiltinOperator.UNPACK, "", options, new int[] {m.input(2, 2, 3)}, a, b);
            return m.operator(BuiltinOperator.SUB, new SubOptionsT(), new int[] {a, b}, 2, 3);
        });
        CASES.put("SHAPE", m -> {
            ShapeOptionsT options = new ShapeOptionsT();
            options.setOutType(TensorType.INT32);
            int x = m.input(2, 3);
            int shape = m.operator(BuiltinOperator.SHAPE, options, new int[] {x}, TensorType.INT32, 2);
            return m.operator(BuiltinOperator.RESHAPE, null, new int[] {x, shape}, 2, 3);
        });
        CASES.put("SPACE_TO_BATCH_ND", m -> {
            int x = m.input(1, 7, 6, 3);
            int blocks = m.operator(
                    BuiltinOperator.SPACE_TO_BATCH_ND,
                    new SpaceToBatchNDOptionsT(),
                    new int[] {x, m.vector(2, 3), m.ints(new int[] {2, 2}, 0, 1, 2, 1)},
                    6,
                    4,
                    3,
                    3);
            return m.operator(
                    BuiltinOperator.BATCH_TO_SPACE_ND,
                    new BatchToSpaceNDOptionsT(),
                    new int[] {blocks, m.vector(2, 3), m.ints(new int[] {2, 2}, 1, 0, 0, 2)},
                    1,
                    7,
                    7,
                    3);
        });
        CASES.put("SPACE_TO_BATCH_ND of one axis", m -> {
            int x = m.input(2, 7, 3);
            int blocks = m.operator(
                    BuiltinOperator.SPACE_TO_BATCH_ND,
                    new SpaceToBatchNDOptionsT(),
                    new int[] {x, m.vector(3), m.ints(new int[] {1, 2}, 0, 2)},
                    6,
                    3,
                    3);
            return m.operator(
                    BuiltinOperator.BATCH_TO_SPACE_ND,
                    new BatchToSpaceNDOptionsT(),
                    new int[] {blocks, m.vector(3), m.ints(new int[] {1, 2}, 1, 1)},
                    2,
                    7,
                    3);
        });
    }

    private static void selections() {
        CASES.put(
                "SLICE",
                m -> m.operator(
                        BuiltinOperator.SLICE,
                        new SliceOptionsT(),
                        new int[] {m.input(2, 5, 6), m.vector(0, 1, 2), m.vector(2, 3, -1)},
                        2,
                        3,
                        4));
        CASES.put("STRIDED_SLICE", m -> {
            StridedSliceOptionsT options = new StridedSliceOptionsT();
            options.setBeginMask(1);
            options.setEndMask(4);
            options.setShrinkAxisMask(2);
            return m.operator(
                    BuiltinOperator.STRIDED_SLICE,
                    options,
                    new int[] {m.input(2, 5, 6), m.vector(1, -1, 1), m.vector(2, 3, 1), m.vector(1, 1, 2)},
                    2,
                    3);
        });
        CASES.put("SPLIT", m -> {
            SplitOptionsT options = new SplitOptionsT();
            options.setNumSplits(2);
            int a = m.value(TensorType.FLOAT32, 2, 3);
            int b = m.value(TensorType.FLOAT32, 2, 3);
            m.operator(BuiltinOperator.SPLIT, "", options, new int[] {m.scalar(1), m.input(2, 6)}, a, b);
            return m.operator(BuiltinOperator.MUL, new MulOptionsT(), new int[] {a, b}, 2, 3);
        });
        CASES.put("SPLIT_V", m -> {
            SplitVOptionsT options = new SplitVOptionsT();
            options.setNumSplits(2);
            int a = m.value(TensorType.FLOAT32, 2, 1);
            int b = m.value(TensorType.FLOAT32, 2, 5);
            m.operator(
                    BuiltinOperator.SPLIT_V,
                    "",
                    options,
                    new int[] {m.input(2, 6), m.vector(1, -1), m.scalar(-1)},
                    a,
                    b);
            return m.operator(BuiltinOperator.MUL, new MulOptionsT(), new int[] {a, b}, 2, 5);
        });
        CASES.put(
                "REVERSE_V2",
                m -> m.operator(
                        BuiltinOperator.REVERSE_V2,
                        new ReverseV2OptionsT(),
                        new int[] {m.input(2, 3, 4), m.vector(2)},
                        2,
                        3,
                        4));
        CASES.put(
                "GATHER",
                m -> m.operator(
                        BuiltinOperator.GATHER, gather(1), new int[] {m.input(2, 5, 3), m.vector(4, 0, 0)}, 2, 3, 3));
        CASES.put(
                "GATHER_ND",
                m -> m.operator(
                        BuiltinOperator.GATHER_ND,
                        new GatherNdOptionsT(),
                        new int[] {m.input(2, 5, 3), m.ints(new int[] {2, 2}, 1, 4, 0, 2)},
                        2,
                        3));
        CASES.put(
                "EMBEDDING_LOOKUP",
                m -> m.operator(
                        BuiltinOperator.EMBEDDING_LOOKUP,
                        null,
                        new int[] {m.input(TensorType.INT32, 4), m.weights(9, 6)},
                        4,
                        6));
        CASES.put("CUMSUM", m -> {
            CumsumOptionsT options = new CumsumOptionsT();
            options.setExclusive(true);
            return m.operator(BuiltinOperator.CUMSUM, options, new int[] {m.input(2, 5), m.scalar(1)}, 2, 5);
        });
        CASES.put("TOPK_V2", m -> {
            int values = m.value(TensorType.FLOAT32, 2, 3);
            int places = m.value(TensorType.INT32, 2, 3);
            m.operator(
                    BuiltinOperator.TOPK_V2,
                    "",
                    new TopKV2OptionsT(),
                    new int[] {m.input(2, 6), m.scalar(3)},
                    values,
                    places);
            int cast = m.operator(BuiltinOperator.CAST, casting(), new int[] {places}, 2, 3);
            return m.operator(BuiltinOperator.MUL, new MulOptionsT(), new int[] {values, cast}, 2, 3);
        });
        CASES.put("ARG_MAX", m -> {
            ArgMaxOptionsT options = new ArgMaxOptionsT();
            options.setOutputType(TensorType.INT32);
            int place = m.operator(
                    BuiltinOperator.ARG_MAX, options, new int[] {m.input(2, 6), m.scalar(1)}, TensorType.INT32, 2);
            OneHotOptionsT hot = new OneHotOptionsT();
            hot.setAxis(-1);
            return m.operator(
                    BuiltinOperator.ONE_HOT,
                    hot,
                    new int[] {
                        place,
                        m.scalar(6),
                        m.floats(new float[] {2}, new int[0]),
                        m.floats(new float[] {-1}, new int[0])
                    },
                    2,
                    6);
        });
        CASES.put("RANGE and FILL", m -> {
            int fill = m.operator(
                    BuiltinOperator.FILL,
                    new FillOptionsT(),
                    new int[] {m.vector(2, 4), m.floats(new float[] {3}, new int[0])},
                    2,
                    4);
            return m.operator(BuiltinOperator.SUB, new SubOptionsT(), new int[] {m.input(2, 4), fill}, 2, 4);
        });
    }

    private static GatherOptionsT gather(int axis) {
        GatherOptionsT options = new GatherOptionsT();
        options.setAxis(axis);
        return options;
    }

    private static CastOptionsT casting() {
        CastOptionsT options = new CastOptionsT();
        options.setInDataType(TensorType.INT32);
        options.setOutDataType(TensorType.FLOAT32);
        return options;
    }

    private static void matrices() {
        for (boolean x : new boolean[] {false, true}) {
            for (boolean y : new boolean[] {false, true}) {
                CASES.put("BATCH_MATMUL " + x + " " + y, m -> {
                    BatchMatMulOptionsT options = new BatchMatMulOptionsT();
                    options.setAdjX(x);
                    options.setAdjY(y);
                    int a = x ? m.input(2, 4, 3) : m.input(2, 3, 4);
                    int b = y ? m.weights(2, 5, 4) : m.weights(2, 4, 5);
                    return m.operator(BuiltinOperator.BATCH_MATMUL, options, new int[] {a, b}, 2, 3, 5);
                });
            }
        }
        CASES.put("FULLY_CONNECTED keep", m -> {
            FullyConnectedOptionsT options = new FullyConnectedOptionsT();
            options.setKeepNumDims(true);
            return m.operator(
                    BuiltinOperator.FULLY_CONNECTED,
                    options,
                    new int[] {m.input(2, 3, 4), m.weights(5, 4), m.weights(5)},
                    2,
                    3,
                    5);
        });
        CASES.put(
                "FULLY_CONNECTED without bias, flattening",
                m -> m.operator(
                        BuiltinOperator.FULLY_CONNECTED,
                        new FullyConnectedOptionsT(),
                        new int[] {m.input(2, 2, 3, 4), m.weights(5, 24), -1},
                        2,
                        5));
    }

    @TempDir
    Path folder;

    /** The file of one case. */
    static byte[] file(String name) {
        TestingTflite model = new TestingTflite(name.hashCode());
        return model.bytes(CASES.get(name).applyAsInt(model));
    }

    static Stream<String> cases() {
        return CASES.keySet().stream();
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("Agrees with the interpreter")
    @MethodSource("cases")
    void parity(String name) {
        TestingTflite model = new TestingTflite(name.hashCode());
        int out = CASES.get(name).applyAsInt(model);

        try (TestingPruner pruner = TestingPruner.open(model.write(folder, out))) {
            assertThat(pruner.graph().nodes()).noneMatch(node -> node.domain().equals("tflite"));
            assertThat(pruner.parity(3)).isLessThan(2e-5);
        }
    }
}
