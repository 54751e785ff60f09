package io.espalier.adapter.onnx.lift;

import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Operators that compute on integers, as what they mean in real numbers. Operators with scales of their own become the
 * plain operator between DequantizeLinear and QuantizeLinear. What scales by what it sees when the model runs is lifted
 * without its rounding: its operands stay real.
 */
final class QuantisedLifts {

    private QuantisedLifts() {}

    /** Lifts a node that computes on integers; others stay as they are. */
    static void lift(NodeDraft node) {
        RealNumbers real = new RealNumbers(node);
        switch (node.operator) {
            case "QuantizeLinear", "DequantizeLinear" -> node.domain = "";
            case "QLinearConv" -> convolution(node, real);
            case "QLinearMatMul" -> matrixProduct(node, real);
            case "QGemm" -> gemm(node, real);
            case "QLinearAdd" -> binary(node, real, "Add");
            case "QLinearMul" -> binary(node, real, "Mul");
            case "QLinearSigmoid" -> unary(node, real, "Sigmoid");
            case "QLinearLeakyRelu" -> unary(node, real, "LeakyRelu");
            case "QLinearSoftmax" -> softmax(node, real);
            case "QLinearAveragePool" -> pool(node, real, "AveragePool");
            case "QLinearGlobalAveragePool" -> pool(node, real, "GlobalAveragePool");
            case "QLinearConcat" -> concat(node, real);
            case "QLinearWhere" -> where(node, real);
            case "DynamicQuantizeLinear" -> dynamic(node, real);
            case "MatMulInteger" -> integerProduct(node, real);
            case "ConvInteger" -> integerConvolution(node, real);
            case "MatMulIntegerToFloat" -> productToFloat(node, real);
            case "DynamicQuantizeMatMul" -> dynamicProduct(node, real);
            case "DynamicQuantizeLSTM" -> recurrent(node, real);
            case "QAttention" -> attention(node, real);
            default -> {}
        }
    }

    private static void convolution(NodeDraft node, RealNumbers real) {
        int rank = node.rank(3);
        if (!real.isVector(4) || rank < 3) {
            return;
        }
        List<String> inputs = new ArrayList<>(List.of(real.dequantised(0, 1, 2, 1), real.dequantised(3, 4, 5, 0)));
        if (node.input(8).isPresent()) {
            inputs.add(real.bias(8, 1, 4));
        }
        real.quantiseResult(6, 7);
        real.become("", "Conv", inputs);
        ChannelsLast.turnIfSo(node, rank);
    }

    private static void matrixProduct(NodeDraft node, RealNumbers real) {
        if (!real.isVector(1) || !real.isVector(4)) {
            return;
        }
        List<String> inputs = List.of(real.dequantised(0, 1, 2, -2), real.dequantised(3, 4, 5, -1));
        real.quantiseResult(6, 7);
        real.become("", "MatMul", inputs);
    }

    /** The bias has the scale of the product, before alpha. */
    private static void gemm(NodeDraft node, RealNumbers real) {
        long columns = node.intAttribute("transB", 0) == 0 ? 1 : 0;
        List<String> inputs =
                new ArrayList<>(List.of(real.dequantised(0, 1, 2, 1), real.dequantised(3, 4, 5, columns)));
        if (node.input(6).isPresent()) {
            inputs.add(real.bias(6, 1, 4));
            Attribute alpha = node.attributes.get("alpha");
            if (alpha != null) {
                node.attributes.put("beta", alpha);
            }
        }
        real.quantiseResult(7, 8);
        real.become("", "Gemm", inputs);
    }

    private static void binary(NodeDraft node, RealNumbers real, String operator) {
        List<String> inputs = List.of(real.dequantised(0, 1, 2, 1), real.dequantised(3, 4, 5, 1));
        real.quantiseResult(6, 7);
        real.become("", operator, inputs);
    }

    private static void unary(NodeDraft node, RealNumbers real, String operator) {
        List<String> inputs = List.of(real.dequantised(0, 1, 2, 1));
        real.quantiseResult(3, 4);
        real.become("", operator, inputs);
    }

    /** The meaning of the axis follows the opset that the node names. */
    private static void softmax(NodeDraft node, RealNumbers real) {
        long opset = node.intAttribute("opset", 0);
        node.attributes.remove("opset");
        unary(node, real, "Softmax");
        node.attributes.putIfAbsent("axis", new Attribute.Int(-1));
        new SoftmaxForm().lift(node, (int) opset);
    }

    private static void pool(NodeDraft node, RealNumbers real, String operator) {
        int rank = ChannelsLast.poolRank(node);
        if (ChannelsLast.isSo(node) && rank < 3) {
            return;
        }
        unary(node, real, operator);
        ChannelsLast.turnIfSo(node, rank);
    }

    /** Scale and zero point of the result come first, then tensor, scale and zero point of each part. */
    private static void concat(NodeDraft node, RealNumbers real) {
        List<String> inputs = new ArrayList<>();
        for (int slot = 2; slot < node.inputs.size(); slot += 3) {
            inputs.add(real.dequantised(slot, slot + 1, slot + 2, 1));
        }
        real.quantiseResult(0, 1);
        real.become("", "Concat", inputs);
    }

    private static void where(NodeDraft node, RealNumbers real) {
        List<String> inputs = List.of(node.required(0), real.dequantised(1, 2, 3, 1), real.dequantised(4, 5, 6, 1));
        real.quantiseResult(7, 8);
        real.become("", "Where", inputs);
    }

    /** Without rounding, what it sees is what it gives, at a scale of one. */
    private static void dynamic(NodeDraft node, RealNumbers real) {
        NodeDraft.Surroundings around = node.surroundings();
        if (node.outputs.size() > 1 && !node.outputs.get(1).isEmpty()) {
            around.imply(node.outputs.get(1), Tensors.floats(List.of(), 1));
        }
        if (node.outputs.size() > 2 && !node.outputs.get(2).isEmpty()) {
            around.imply(node.outputs.get(2), Tensors.fromDoubles(DataType.UINT8, List.of(), 0));
        }
        node.outputs.subList(1, node.outputs.size()).clear();
        around.forgetType(node.outputs.get(0));
        real.become("", "Identity", List.of(node.required(0)));
    }

    private static void integerProduct(NodeDraft node, RealNumbers real) {
        List<String> inputs = List.of(real.centred(0, 2), real.centred(1, 3));
        node.surroundings().forgetType(node.outputs.get(0));
        real.become("", "MatMul", inputs);
    }

    private static void integerConvolution(NodeDraft node, RealNumbers real) {
        int rank = node.rank(1);
        if (rank < 3) {
            return;
        }
        long[] others = new long[rank - 1];
        for (int axis = 1; axis < rank; axis++) {
            others[axis - 1] = axis;
        }
        List<String> inputs = List.of(real.centred(0, 2), real.centred(1, 3, others));
        node.surroundings().forgetType(node.outputs.get(0));
        real.become("", "Conv", inputs);
    }

    private static void productToFloat(NodeDraft node, RealNumbers real) {
        List<String> inputs = List.of(real.centred(0, 4), real.centred(1, 5));
        real.scaleResult(List.of(node.requiredOperand(2), node.requiredOperand(3)), node.operand(6));
        real.become("", "MatMul", inputs);
    }

    private static void dynamicProduct(NodeDraft node, RealNumbers real) {
        List<String> inputs = List.of(node.required(0), real.centred(1, 3));
        real.scaleResult(List.of(node.requiredOperand(2)), node.operand(4));
        real.become("", "MatMul", inputs);
    }

    /** Weights lie the other way round than in the plain operator, with scales for directions, perhaps also for gates. */
    private static void recurrent(NodeDraft node, RealNumbers real) {
        List<String> inputs = new ArrayList<>(node.inputs.subList(0, Math.min(8, node.inputs.size())));
        for (int slot = 1; slot <= 2; slot++) {
            int scale = slot == 1 ? 8 : 10;
            long[] others = node.rank(scale) == 2 ? new long[] {1} : new long[] {1, 2};
            String scaled = real.scaled(slot, scale, scale + 1, others);
            String turned = node.fresh("turned" + slot);
            node.before.add(Node.of(
                    "Transpose",
                    List.of(scaled),
                    List.of(turned),
                    Map.of("perm", new Attribute.Ints(List.of(0L, 2L, 1L)))));
            inputs.set(slot, turned);
        }
        real.become("", "LSTM", inputs);
    }

    private static void attention(NodeDraft node, RealNumbers real) {
        List<String> inputs = new ArrayList<>(List.of(
                real.scaled(0, 3, 6),
                real.scaled(1, 4, 7),
                node.input(2).orElse(""),
                node.input(5).orElse(""),
                node.input(8).orElse("")));
        node.movedInput(3, 5);
        node.movedInput(4, 8);
        real.become("com.microsoft", "Attention", inputs);
    }
}
