package io.espalier.adapter.onnx;

import static io.espalier.adapter.onnx.TestingProto.integer;
import static io.espalier.adapter.onnx.TestingProto.ints;
import static io.espalier.adapter.onnx.TestingProto.real;
import static io.espalier.adapter.onnx.TestingProto.reals;
import static io.espalier.adapter.onnx.TestingProto.text;

import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensors;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** Operators that move or select elements, and reductions. */
class ShapeOpsetLiftTest extends OpsetLiftCases {

    @Override
    void define() {
        shapes();
        slices();
        resizes();
        indices();
    }

    private void shapes() {
        forms(
                "Squeeze",
                7,
                12,
                m -> x(m, 2, 1, 3, 1).node("Squeeze", "x", "y", ints("axes", 1, 3)),
                m -> vector(x(m, 2, 1, 3, 1), "a", 1, 3).node("Squeeze", "x a", "y"));
        range("Squeeze without axes", 7, 24, m -> x(m, 2, 1, 3, 1).node("Squeeze", "x", "y"));
        forms(
                "Unsqueeze",
                7,
                12,
                m -> x(m, 2, 3).node("Unsqueeze", "x", "y", ints("axes", 0, 3)),
                m -> vector(x(m, 2, 3), "a", 0, 3).node("Unsqueeze", "x a", "y"));
        forms(
                "ReduceSum",
                7,
                12,
                m -> x(m, 2, 3, 4).node("ReduceSum", "x", "y", ints("axes", 0, 2), integer("keepdims", 0)),
                m -> vector(x(m, 2, 3, 4), "a", 0, 2).node("ReduceSum", "x a", "y", integer("keepdims", 0)));
        range("ReduceSum of everything", 7, 24, m -> x(m, 2, 3, 4).node("ReduceSum", "x", "y"));
        for (String operator : List.of(
                "ReduceL1",
                "ReduceL2",
                "ReduceLogSumExp",
                "ReduceMax",
                "ReduceMean",
                "ReduceMin",
                "ReduceProd",
                "ReduceSumSquare")) {
            forms(
                    operator,
                    7,
                    17,
                    m -> x(m, 2, 3, 4).node(operator, "x", "y", ints("axes", 1), integer("keepdims", 1)),
                    m -> vector(x(m, 2, 3, 4), "a", 1).node(operator, "x a", "y", integer("keepdims", 1)));
        }
        range("ReduceMean from the end", 11, 17, m -> x(m, 2, 3, 4).node("ReduceMean", "x", "y", ints("axes", -1)));
        forms(
                "Split",
                7,
                12,
                m -> x(m, 2, 6)
                        .node("Split", "x", "a b", integer("axis", 1), ints("split", 2, 4))
                        .node("Concat", "b a", "y", integer("axis", 1)),
                m -> vector(x(m, 2, 6), "s", 2, 4)
                        .node("Split", "x s", "a b", integer("axis", 1))
                        .node("Concat", "b a", "y", integer("axis", 1)));
        forms(
                "Split evenly",
                7,
                17,
                m -> x(m, 2, 6)
                        .node("Split", "x", "a b", integer("axis", 1))
                        .node("Concat", "b a", "y", integer("axis", 1)),
                m -> x(m, 2, 6)
                        .node("Split", "x", "a b", integer("axis", 1), integer("num_outputs", 2))
                        .node("Concat", "b a", "y", integer("axis", 1)));
    }

    private void slices() {
        forms(
                "Slice",
                7,
                9,
                m -> x(m, 4, 5, 6)
                        .node("Slice", "x", "y", ints("starts", 1, -3), ints("ends", 3, 100), ints("axes", 0, 2)),
                m -> vector(vector(vector(x(m, 4, 5, 6), "s", 1, -3), "e", 3, 100), "a", 0, 2)
                        .node("Slice", "x s e a", "y"));
        range(
                "Slice without axes",
                7,
                9,
                m -> x(m, 4, 5).node("Slice", "x", "y", ints("starts", 1, 1), ints("ends", 3, 4)));
        range(
                "Slice backwards",
                10,
                24,
                m -> vector(vector(vector(vector(x(m, 4, 5), "s", -1), "e", -100), "a", 1), "t", -2)
                        .node("Slice", "x s e a t", "y"));
        for (String mode : List.of("constant", "reflect", "edge")) {
            forms(
                    "Pad " + mode,
                    7,
                    10,
                    m -> x(m, 2, 3, 4)
                            .node(
                                    "Pad",
                                    "x",
                                    "y",
                                    ints("pads", 0, 1, 2, 0, 0, 1),
                                    text("mode", mode),
                                    real("value", 0.5)),
                    m -> vector(x(m, 2, 3, 4), "p", 0, 1, 2, 0, 0, 1)
                            .constant("v", Tensors.floats(List.of(), 0.5f))
                            .node("Pad", "x p v", "y", text("mode", mode)));
        }
        range("Pad with nothing said", 7, 10, m -> x(m, 2, 3).node("Pad", "x", "y", ints("pads", 0, 1, 2, 0)));
        forms(
                "TopK",
                7,
                9,
                m -> x(m, 2, 5).node("TopK", "x", "y i", integer("k", 2)),
                m -> vector(x(m, 2, 5), "k", 2).node("TopK", "x k", "y i"));
    }

    private void resizes() {
        for (String mode : List.of("nearest", "linear")) {
            range(
                    "Upsample " + mode,
                    7,
                    8,
                    m -> x(m, 1, 2, 4, 5).node("Upsample", "x", "y", text("mode", mode), reals("scales", 1, 1, 2, 3)));
            range(
                    "Upsample " + mode,
                    9,
                    9,
                    m -> scales(x(m, 1, 2, 4, 5), 1, 1, 2, 3).node("Upsample", "x scales", "y", text("mode", mode)));
            range(
                    "Resize up " + mode,
                    10,
                    10,
                    m -> scales(x(m, 1, 2, 4, 5), 1, 1, 2, 1.5f).node("Resize", "x scales", "y", text("mode", mode)));
            range(
                    "Resize down " + mode,
                    10,
                    10,
                    m -> scales(x(m, 1, 2, 8, 9), 1, 1, 0.6f, 0.5f)
                            .node("Resize", "x scales", "y", text("mode", mode)));
            range(
                    "Resize by scales " + mode,
                    11,
                    24,
                    m -> scales(x(m, 1, 2, 8, 9), 1, 1, 2, 0.5f)
                            .constant("roi", Tensors.floats(List.of(0L)))
                            .node("Resize", "x roi scales", "y", text("mode", mode)));
            range(
                    "Resize to sizes " + mode,
                    11,
                    24,
                    m -> vector(x(m, 1, 2, 8, 9), "sizes", 1, 2, 5, 12)
                            .constant("roi", Tensors.floats(List.of(0L)))
                            .constant("scales", Tensors.floats(List.of(0L)))
                            .node("Resize", "x roi scales sizes", "y", text("mode", mode)));
        }
        range(
                "Resize half pixel for networks of TensorFlow",
                11,
                12,
                m -> scales(x(m, 1, 2, 8, 9), 1, 1, 2, 2)
                        .constant("roi", Tensors.floats(List.of(0L)))
                        .node(
                                "Resize",
                                "x roi scales",
                                "y",
                                text("coordinate_transformation_mode", "tf_half_pixel_for_nn")));
        range(
                "Resize of PyTorch",
                13,
                24,
                m -> scales(x(m, 1, 2, 8, 9), 1, 1, 2, 2)
                        .node(
                                "Resize",
                                "x - scales",
                                "y",
                                text("mode", "nearest"),
                                text("nearest_mode", "floor"),
                                text("coordinate_transformation_mode", "asymmetric")));
    }

    private void indices() {
        Consumer<TestingProto> scatter = m -> x(m, 3, 3)
                .constant("i", Tensors.longs(Tensors.shape(2, 3), 1, 0, 2, 0, 2, 1))
                .constant("u", Tensors.floats(Tensors.shape(2, 3), 1, 2, 3, 4, 5, 6));
        range("Scatter", 9, 10, scatter.andThen(m -> m.node("Scatter", "x i u", "y")));
        range("ScatterElements", 11, 24, scatter.andThen(m -> m.node("ScatterElements", "x i u", "y")));
        for (boolean old : List.of(true, false)) {
            for (String mode : List.of("linear", "nearest", "cubic")) {
                String name = old && !mode.equals("nearest") ? "bi" + mode : mode;
                range(
                        "GridSample " + mode,
                        old ? 16 : 20,
                        old ? 19 : 24,
                        m -> x(m, 1, 2, 4, 4)
                                .constant(
                                        "g",
                                        TestingModels.random(
                                                DataType.FLOAT32, Tensors.shape(1, 3, 3, 2), new Random(1)))
                                .node("GridSample", "x g", "y", text("mode", name)));
            }
        }
        range(
                "RoiAlign, which the runtime has up to opset 21",
                10,
                21,
                m -> x(m, 1, 2, 8, 8)
                        .constant("r", Tensors.floats(Tensors.shape(2, 4), 0, 0, 4, 4, 1.5f, 2, 6, 7))
                        .constant("b", Tensors.vector(0, 0))
                        .node("RoiAlign", "x r b", "y", integer("output_height", 2), integer("output_width", 2)));
        forms(
                "DFT",
                17,
                19,
                m -> x(m, 2, 4, 1).node("DFT", "x", "y", integer("axis", 1)),
                m -> x(m, 2, 4, 1).constant("a", Tensors.longs(List.of(), 1)).node("DFT", "x - a", "y"));
        range("DFT on the default axis", 17, 24, m -> x(m, 2, 4, 1).node("DFT", "x", "y"));
        range("ArgMax", 7, 24, m -> x(m, 3, 4).node("ArgMax", "x", "y", integer("axis", 1)));
        range("Gather", 7, 24, m -> vector(x(m, 3, 4), "i", 2, 0).node("Gather", "x i", "y"));
        range(
                "Gemm",
                7,
                24,
                m -> weights(weights(x(m, 3, 4), "w", 5, 4), "b", 5).node("Gemm", "x w b", "y", integer("transB", 1)));
        range("Gemm without bias", 11, 24, m -> weights(x(m, 3, 4), "w", 4, 5).node("Gemm", "x w", "y"));
    }

    private static TestingProto scales(TestingProto proto, float... scales) {
        return proto.constant("scales", Tensors.floats(Tensors.shape(scales.length), scales));
    }
}
