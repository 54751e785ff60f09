package io.espalier.adapter.onnx;

import static io.espalier.adapter.onnx.TestingProto.integer;
import static io.espalier.adapter.onnx.TestingProto.ints;
import static io.espalier.adapter.onnx.TestingProto.real;
import static io.espalier.adapter.onnx.TestingProto.text;

import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/** Normalisations, activations, recurrent cells, and layers whose form never changed. */
class LayerOpsetLiftTest extends OpsetLiftCases {

    @Override
    void define() {
        normalisations();
        activations();
        recurrences();
        unchanged();
    }

    private void normalisations() {
        Consumer<TestingProto> batchNorm = m -> normConstants(x(m, 2, 3, 4, 4), 3)
                .node("BatchNormalization", "x scale bias mean var", "y", real("epsilon", 1e-3));
        range("BatchNormalization", 7, 24, batchNorm);
        range(
                "BatchNormalization with unread statistics",
                7,
                8,
                m -> normConstants(x(m, 2, 3, 4, 4), 3)
                        .node("BatchNormalization", "x scale bias mean var", "y", integer("spatial", 1)));
        range(
                "InstanceNormalization",
                7,
                24,
                m -> normConstants(x(m, 2, 3, 4, 4), 3).node("InstanceNormalization", "x scale bias", "y"));
        forms(
                "GroupNormalization",
                18,
                20,
                m -> normConstants(x(m, 2, 6, 4, 4), 2)
                        .node("GroupNormalization", "x scale bias", "y", integer("num_groups", 2)),
                m -> normConstants(x(m, 2, 6, 4, 4), 6)
                        .node("GroupNormalization", "x scale bias", "y", integer("num_groups", 2)));
        range(
                "LayerNormalization",
                17,
                24,
                m -> normConstants(x(m, 2, 3, 4), 4).node("LayerNormalization", "x scale bias", "y"));
        range("LRN", 7, 24, m -> x(m, 2, 6, 4, 4).node("LRN", "x", "y", integer("size", 3)));
        for (String operator : List.of("Softmax", "LogSoftmax", "Hardmax")) {
            for (int axis = 0; axis < 4; axis++) {
                int chosen = axis;
                range(
                        operator + " on axis " + axis,
                        7,
                        24,
                        m -> x(m, 2, 3, 4, 5).node(operator, "x", "y", integer("axis", chosen)));
            }
            range(operator + " on the default axis", 7, 24, m -> x(m, 2, 3, 4).node(operator, "x", "y"));
            range(
                    operator + " on the last axis",
                    11,
                    24,
                    m -> x(m, 2, 3, 4).node(operator, "x", "y", integer("axis", -1)));
            range(
                    operator + " of unknown rank",
                    7,
                    24,
                    m -> m.unshapedInput("x", DataType.FLOAT32)
                            .output("y")
                            .node(operator, "x", "y", integer("axis", 2)));
            range(operator + " of symbols", 7, 24, m -> x(m, -1, -2, 4).node(operator, "x", "y", integer("axis", 1)));
        }
    }

    private void activations() {
        forms(
                "Clip",
                7,
                10,
                m -> x(m, 2, 9).node("Clip", "x", "y", real("min", -0.5), real("max", 0.25)),
                m -> x(m, 2, 9)
                        .constant("lo", Tensors.floats(List.of(), -0.5f))
                        .constant("hi", Tensors.floats(List.of(), 0.25f))
                        .node("Clip", "x lo hi", "y"));
        forms(
                "Clip from above",
                7,
                10,
                m -> x(m, 2, 9).node("Clip", "x", "y", real("max", 0.25)),
                m -> x(m, 2, 9).constant("hi", Tensors.floats(List.of(), 0.25f)).node("Clip", "x - hi", "y"));
        range("Clip to nothing", 7, 24, m -> x(m, 2, 9).node("Clip", "x", "y"));
        forms(
                "Dropout",
                7,
                11,
                m -> x(m, 2, 9).node("Dropout", "x", "y", real("ratio", 0.3)),
                m -> x(m, 2, 9).constant("r", Tensors.floats(List.of(), 0.3f)).node("Dropout", "x r", "y"));
        range("Dropout without ratio", 7, 24, m -> x(m, 2, 9).node("Dropout", "x", "y"));
        for (String operator :
                List.of("Relu", "LeakyRelu", "Elu", "Selu", "Sigmoid", "HardSigmoid", "Tanh", "Softplus", "Softsign")) {
            range(operator, 7, 24, m -> x(m, 2, 9).node(operator, "x", "y"));
        }
        range("PRelu", 7, 24, m -> weights(x(m, 2, 3, 4), "slope", 3, 1).node("PRelu", "x slope", "y"));
        range("Gelu", 20, 24, m -> x(m, 2, 9).node("Gelu", "x", "y"));
        range("HardSwish", 14, 24, m -> x(m, 2, 9).node("HardSwish", "x", "y"));
        range("Mish", 18, 24, m -> x(m, 2, 9).node("Mish", "x", "y"));
    }

    private void recurrences() {
        Map<String, Integer> gates = Map.of("LSTM", 4, "GRU", 3, "RNN", 1);
        for (String operator : List.of("LSTM", "GRU", "RNN")) {
            int rows = gates.get(operator) * 5;
            range(
                    operator,
                    7,
                    24,
                    m -> weights(weights(weights(x(m, 4, 2, 3), "w", 2, rows, 3), "r", 2, rows, 5), "b", 2, 2 * rows)
                            .node(
                                    operator,
                                    "x w r b",
                                    "y h",
                                    integer("hidden_size", 5),
                                    text("direction", "bidirectional")));
        }
    }

    private void unchanged() {
        range(
                "Conv",
                7,
                24,
                m -> weights(x(m, 1, 4, 6, 6), "w", 6, 2, 3, 3)
                        .node("Conv", "x w", "y", integer("group", 2), text("auto_pad", "SAME_UPPER")));
        range(
                "ConvTranspose",
                7,
                24,
                m -> weights(x(m, 1, 4, 6, 6), "w", 4, 2, 3, 3)
                        .node("ConvTranspose", "x w", "y", ints("strides", 2, 2), ints("output_padding", 1, 1)));
        range(
                "MaxPool",
                7,
                24,
                m -> x(m, 1, 2, 6, 6)
                        .node(
                                "MaxPool",
                                "x",
                                "y",
                                ints("kernel_shape", 3, 3),
                                ints("strides", 2, 2),
                                ints("pads", 1, 1, 1, 1)));
        range(
                "AveragePool",
                7,
                24,
                m -> x(m, 1, 2, 6, 6)
                        .node(
                                "AveragePool",
                                "x",
                                "y",
                                ints("kernel_shape", 3, 3),
                                ints("pads", 1, 1, 1, 1),
                                integer("count_include_pad", 1)));
        range(
                "AveragePool rounded up",
                10,
                24,
                m -> x(m, 1, 2, 6, 6)
                        .node(
                                "AveragePool",
                                "x",
                                "y",
                                ints("kernel_shape", 3, 3),
                                ints("strides", 2, 2),
                                integer("ceil_mode", 1)));
        range("GlobalAveragePool", 7, 24, m -> x(m, 1, 2, 6, 6).node("GlobalAveragePool", "x", "y"));
        range("DepthToSpace", 7, 24, m -> x(m, 1, 8, 2, 2).node("DepthToSpace", "x", "y", integer("blocksize", 2)));
        range("SpaceToDepth", 7, 24, m -> x(m, 1, 2, 4, 4).node("SpaceToDepth", "x", "y", integer("blocksize", 2)));
        range("Cast", 7, 24, m -> x(m, 2, 3).node("Cast", "x", "y", integer("to", 11)));
        range(
                "ConstantOfShape",
                9,
                24,
                m -> x(m, 2, 3)
                        .node("Shape", "x", "s")
                        .node("ConstantOfShape", "s", "y", TestingProto.value("value", Tensors.vector(7))));
        range("Expand", 8, 24, m -> vector(x(m, 2, 1), "s", 2, 3).node("Expand", "x s", "y"));
        range("Tile", 7, 24, m -> vector(x(m, 2, 1), "s", 2, 3).node("Tile", "x s", "y"));
        range(
                "Where",
                9,
                24,
                m -> x(m, 2, 3)
                        .constant("z", Tensors.floats(List.of(), 0))
                        .node("Greater", "x z", "c")
                        .node("Where", "c x z", "y"));
        range("Sum", 8, 24, m -> weights(x(m, 2, 3), "w", 3).node("Sum", "x w x", "y"));
        range(
                "CumSum",
                11,
                24,
                m -> x(m, 2, 3).constant("a", Tensors.longs(List.of(), 1)).node("CumSum", "x a", "y"));
        range("Reshape", 7, 24, m -> vector(x(m, 2, 3), "s", 3, -1).node("Reshape", "x s", "y"));
        range("Flatten", 7, 24, m -> x(m, 2, 3, 4).node("Flatten", "x", "y", integer("axis", 2)));
        range(
                "OneHot",
                9,
                24,
                m -> vector(m.output("y"), "i", 1, 0, 2)
                        .constant("d", Tensors.longs(List.of(), 4))
                        .constant("v", Tensors.floats(List.of(2L), 0, 1))
                        .node("OneHot", "i d v", "y"));
        range("MatMul", 7, 24, m -> weights(x(m, 2, 3, 4), "w", 4, 5).node("MatMul", "x w", "y"));
        range(
                "Einsum",
                12,
                24,
                m -> weights(x(m, 2, 3, 4), "w", 4, 5).node("Einsum", "x w", "y", text("equation", "bij,jk->bki")));
    }

    private static TestingProto normConstants(TestingProto proto, long size) {
        weights(proto, "scale", size);
        weights(proto, "bias", size);
        weights(proto, "mean", size);
        return proto.constant("var", positive(size));
    }

    private static Tensor positive(long size) {
        double[] values = new Random(SEED).doubles(size, 0.5, 2).toArray();
        return Tensors.fromDoubles(DataType.FLOAT32, List.of(size), values);
    }
}
