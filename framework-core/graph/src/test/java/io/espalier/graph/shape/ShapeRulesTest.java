package io.espalier.graph.shape;

import static io.espalier.spi.tensor.DataType.FLOAT32;
import static io.espalier.spi.tensor.DataType.INT64;
import static io.espalier.spi.tensor.DataType.UINT8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The canonical form of inferred extents, and operators that not every build of the runtime can execute. */
class ShapeRulesTest {

    private record Expectation(String name, TestingGraph graph, String shape) {}

    private final List<Expectation> expectations = new ArrayList<>();

    @TestFactory
    Stream<DynamicTest> extentsHaveTheFormThatOtherRulesGive() {
        expect(
                "conv that halves",
                image().weight("k", 6, 4, 3, 3).node("Conv", "x k -> y", "strides", twos(), "pads", ones(4)),
                "[n, 6, floor((h+1)/2), floor((w+1)/2)]");
        expect(
                "conv with a computed weight",
                image().input("k", FLOAT32, "out 4 3 3").node("Conv", "x k -> y"),
                "[n, out, h-2, w-2]");
        expect(
                "conv that keeps",
                image().weight("k", 6, 4, 3, 3).node("Conv", "x k -> y", "pads", ones(4)),
                "[n, 6, h, w]");
        expect(
                "pool and grow again",
                image().node("MaxPool", "x -> p", "kernel_shape", twos(), "strides", twos())
                        .weight("k", 4, 6, 2, 2)
                        .node("ConvTranspose", "p k -> y", "strides", twos()),
                "[n, 6, floor(h/2)*2, floor(w/2)*2]");
        expect(
                "halves of an axis",
                image().vector("zero", 0)
                        .vector("three", 3)
                        .vector("far", Long.MAX_VALUE)
                        .vector("axis", 2)
                        .node("Slice", "x zero three axis -> a")
                        .node("Slice", "x three far axis -> b")
                        .node("Concat", "b a -> y", "axis", 2),
                "[n, 4, h, w]");
        expect(
                "repetitions by a one among ones",
                image().vector("i", 1)
                        .scalar("d", 4)
                        .vector("values", 1, 3)
                        .node("OneHot", "i d values -> hot")
                        .vector("flat", -1)
                        .node("Reshape", "hot flat -> times")
                        .node("Tile", "x times -> y"),
                "[n, 12, h, w]");
        expect(
                "sum of a resized and another map",
                image().node("MaxPool", "x -> p", "kernel_shape", twos(), "strides", twos())
                        .constant("s", Tensors.floats(List.of(4L), 1, 1, 2, 2))
                        .node("Resize", "p _ s -> r")
                        .node("Add", "r x -> y"),
                "[n, 4, h, w]");
        expect(
                "two names broadcast",
                input("x", FLOAT32, "n t").input("z", FLOAT32, "m 1").node("Add", "x z -> y"),
                "[max(m,n), t]");
        expect(
                "a number wins over a name",
                input("x", FLOAT32, "n t").input("z", FLOAT32, "7 1").node("Mul", "x z -> y"),
                "[7, t]");
        expect("reshape merges", image().vector("to", -1, 4).node("Reshape", "x to -> y"), "[h*n*w, 4]");
        expect(
                "reshape that cannot divide",
                image().vector("to", -1, 6).node("Reshape", "x to -> y"),
                "[floor(h*n*w*2/3), 6]");
        expect("reshape at run time", image().input("to", INT64, "3").node("Reshape", "x to -> y"), "[y.0, y.1, y.2]");
        expect(
                "reshape at run time of one extent",
                image().input("k", INT64, "1")
                        .vector("rest", 4, 2)
                        .node("Concat", "k rest -> to", "axis", 0)
                        .node("Reshape", "x to -> y"),
                "[floor(h*n*w/2), 4, 2]");
        expect(
                "slice at run time",
                image().input("s", INT64, "1").vector("axis", 2).node("Slice", "x s s axis -> y"),
                "[n, 4, y.2, w]");
        expect(
                "split in three",
                input("x", FLOAT32, "n 7").node("Split", "x -> a b y", "axis", 1, "num_outputs", 3),
                "[n, 1]");
        expect(
                "top k at run time",
                image().input("k", INT64, "1").node("TopK", "x k -> y i", "axis", 1),
                "[n, y.1, h, w]");
        expect(
                "compress",
                image().constant("c", Tensors.fromDoubles(DataType.BOOL, List.of(4L), 1, 0, 1, 1))
                        .node("Compress", "x c -> y", "axis", 1),
                "[n, 3, h, w]");
        expect(
                "cache and present",
                input("x", FLOAT32, "n heads past 8")
                        .input("z", FLOAT32, "n heads t 8")
                        .node("Concat", "x z -> y", "axis", -2),
                "[n, heads, past+t, 8]");
        expect(
                "rank decided at run time stays unknown",
                image().input("to", INT64, "?").node("Reshape", "x to -> y"),
                "");
        return tests();
    }

    @TestFactory
    Stream<DynamicTest> operatorsBeyondOneRuntime() {
        expect(
                "roi align",
                image().input("r", FLOAT32, "k 4")
                        .input("i", INT64, "k")
                        .node("RoiAlign", "x r i -> y", "output_height", 3, "output_width", 2),
                "[k, 4, 3, 2]");
        expect(
                "max roi pool",
                image().input("r", FLOAT32, "k 5").node("MaxRoiPool", "x r -> y", "pooled_shape", new long[] {3, 2}),
                "[k, 4, 3, 2]");
        expect(
                "channels last",
                input("x", FLOAT32, "n h w 4")
                        .weight("k", 6, 4, 3, 3)
                        .node("com.microsoft.NhwcConv", "x k -> y", "strides", twos()),
                "[n, floor((h+1)/2)-1, floor((w+1)/2)-1, 6]");
        expect(
                "packed bits",
                input("x", FLOAT32, "n t 64")
                        .weight("b", 1)
                        .weight("s", 1)
                        .node("com.microsoft.MatMulNBits", "x b s -> y", "K", 64, "N", 32),
                "[n, t, 32]");
        expect(
                "grouped query",
                input("q", FLOAT32, "n t 64")
                        .input("k", FLOAT32, "n t 16")
                        .input("p", FLOAT32, "n 2 past 8")
                        .node(
                                "com.microsoft.GroupQueryAttention",
                                "q k k p p -> y key value",
                                "num_heads",
                                8,
                                "kv_num_heads",
                                2),
                "[n, t, 64]");
        expect(
                "grouped query, packed",
                input("q", FLOAT32, "n t 96")
                        .node("com.microsoft.GroupQueryAttention", "q -> y key", "num_heads", 8, "kv_num_heads", 2),
                "[n, t, 64]");
        expect(
                "batch first",
                input("x", FLOAT32, "n t 3")
                        .weight("k", 1, 20, 3)
                        .weight("r", 1, 20, 5)
                        .node("LSTM", "x k r -> y", "layout", 1),
                "[n, t, 1, 5]");
        expect(
                "last state, batch first",
                input("x", FLOAT32, "n t 3")
                        .weight("k", 2, 5, 3)
                        .weight("r", 2, 5, 5)
                        .node("RNN", "x k r -> all y", "layout", 1),
                "[n, 2, 5]");
        expect(
                "quantised add",
                input("x", UINT8, "n 4")
                        .input("z", UINT8, "4")
                        .weight("s")
                        .node("com.microsoft.QLinearAdd", "x s s z s s s s -> y"),
                "[n, 4]");
        expect(
                "quantised concat",
                input("x", UINT8, "n 4")
                        .weight("s")
                        .node("com.microsoft.QLinearConcat", "s s x s s x s s -> y", "axis", 1),
                "[n, 8]");
        expect(
                "quantised conv",
                input("x", UINT8, "n 4 h w")
                        .weight("k", 6, 4, 1, 1)
                        .weight("s")
                        .node("QLinearConv", "x s s k s s s s -> y"),
                "[n, 6, h, w]");
        expect(
                "quantised pool",
                input("x", UINT8, "n h w 4")
                        .weight("s")
                        .node("com.microsoft.QLinearGlobalAveragePool", "x s s s s -> y", "channels_last", 1),
                "[n, 1, 1, 4]");
        expect("random", new TestingGraph().node("RandomNormal", "-> y", "shape", new long[] {2, 3}), "[2, 3]");
        expect("random like", image().node("RandomUniformLike", "x -> y"), "[n, 4, h, w]");
        expect("multinomial", input("x", FLOAT32, "n 4").node("Multinomial", "x -> y", "sample_size", 5), "[n, 5]");
        expect(
                "keeping the aspect",
                input("x", FLOAT32, "n 4 10 20")
                        .vector("to", 40, 40)
                        .node(
                                "Resize",
                                "x _ _ to -> y",
                                "axes",
                                new long[] {2, 3},
                                "keep_aspect_ratio_policy",
                                "not_larger"),
                "[n, 4, 20, 40]");
        expect(
                "short time fourier",
                input("x", FLOAT32, "n 128 1")
                        .scalar("step", 8)
                        .weight("window", 16)
                        .node("STFT", "x step window -> y"),
                "[n, 15, 9, 2]");
        expect("window", new TestingGraph().scalar("size", 16).node("HannWindow", "size -> y"), "[16]");
        expect(
                "affine grid",
                input("x", FLOAT32, "n 2 3")
                        .input("z", FLOAT32, "n 3 h w")
                        .node("Shape", "z -> s")
                        .node("AffineGrid", "x s -> y"),
                "[n, h, w, 2]");
        expect(
                "rotary",
                input("x", FLOAT32, "n t 64").weight("c", 100, 8).node("com.microsoft.RotaryEmbedding", "x x c c -> y"),
                "[n, t, 64]");
        expect(
                "attention, packed bias",
                input("x", FLOAT32, "n t 8")
                        .weight("k", 8, 20)
                        .weight("b", 20)
                        .node("com.microsoft.Attention", "x k b -> y", "num_heads", 2, "qkv_hidden_sizes", new long[] {
                            8, 8, 4
                        }),
                "[n, t, 4]");
        expect(
                "sequences stay unknown",
                image().node("SequenceConstruct", "x x -> s").scalar("i", 0).node("SequenceAt", "s i -> y"),
                "");
        return tests();
    }

    @TestFactory
    Stream<DynamicTest> contradictionsLeaveTheOutputUnknown() {
        for (TestingGraph broken : List.of(
                image().weight("k", 6, 5, 3, 3).node("Conv", "x k -> y"),
                image().weight("k", 6, 4, 3).node("Conv", "x k -> y"),
                image().input("z", FLOAT32, "3 1 1").node("Add", "x z -> y"),
                image().input("z", FLOAT32, "n 4 h").node("Concat", "x z -> y", "axis", 1),
                image().vector("axes", 1).node("Squeeze", "x axes -> y"),
                image().node("Transpose", "x -> y", "perm", new long[] {0, 1, 1, 2}),
                input("x", FLOAT32, "2 3").vector("to", 4, -1).node("Reshape", "x to -> y"),
                input("x", FLOAT32, "2 3").vector("to", 5).node("Reshape", "x to -> y"),
                input("x", FLOAT32, "2 3").node("Einsum", "x -> y", "equation", "ijk->i"),
                input("x", FLOAT32, "2 3").vector("sizes", 1, 2).node("Split", "x sizes -> y", "axis", 1),
                input("x", FLOAT32, "2 3").vector("at", 0, 3).node("Gather", "x at -> y", "axis", 1),
                input("x", FLOAT32, "2 3").vector("at", -3).node("Gather", "x at -> y"),
                input("x", FLOAT32, "2 3").node("Softmax", "x -> z").node("Flatten", "z -> y", "axis", 5),
                input("x", FLOAT32, "n t 9").input("v", FLOAT32, "n t 9").node("Attention", "x x v -> y"))) {
            expectations.add(new Expectation(broken.build().nodes().toString(), broken, ""));
        }
        return expectations.stream()
                .map(expectation -> dynamicTest(expectation.name(), () -> {
                    Shapes shapes = expectation.graph().infer();
                    assertThat(shapes.shape("y")).isEmpty();
                    assertThat(shapes.problems()).hasSize(1).first().asString().contains("'y'");
                }));
    }

    @TestFactory
    Stream<DynamicTest> elementTypesFollow() {
        TestingGraph graph = image().node("Shape", "x -> shape")
                .node("Cast", "shape -> small", "to", 6)
                .node("Less", "x x -> less")
                .node("ArgMax", "x -> where")
                .node("CastLike", "less small -> like")
                .node("DynamicQuantizeLinear", "x -> q s z")
                .node("Where", "less x x -> chosen");
        Shapes shapes = graph.infer();
        return Stream.of(
                        "shape INT64",
                        "small INT32",
                        "less BOOL",
                        "where INT64",
                        "like INT32",
                        "q UINT8",
                        "s FLOAT32",
                        "chosen FLOAT32")
                .map(line -> line.split(" "))
                .map(pair -> dynamicTest(
                        pair[0], () -> assertThat(shapes.type(pair[0])).contains(DataType.valueOf(pair[1]))));
    }

    private void expect(String name, TestingGraph graph, String shape) {
        expectations.add(new Expectation(name, graph, shape));
    }

    /** An empty expectation is an unknown shape. */
    private Stream<DynamicTest> tests() {
        return expectations.stream()
                .map(expectation -> dynamicTest(expectation.name(), () -> {
                    Shapes shapes = expectation.graph().infer();
                    assertThat(shapes.problems()).isEmpty();
                    assertThat(shapes.shape("y").map(List::toString).orElse("")).isEqualTo(expectation.shape());
                }));
    }

    private static TestingGraph image() {
        return input("x", FLOAT32, "n 4 h w");
    }

    private static TestingGraph input(String name, DataType type, String shape) {
        return new TestingGraph().input(name, type, shape);
    }

    private static long[] twos() {
        return new long[] {2, 2};
    }

    private static long[] ones(int count) {
        long[] ones = new long[count];
        Arrays.fill(ones, 1);
        return ones;
    }
}
