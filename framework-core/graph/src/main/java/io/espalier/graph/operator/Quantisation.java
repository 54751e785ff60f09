package io.espalier.graph.operator;

import static io.espalier.graph.operator.NotationText.letters;
import static io.espalier.graph.operator.NotationText.operand;
import static io.espalier.graph.operator.OperatorDefinition.define;
import static io.espalier.spi.operator.SlotRole.DATA;
import static io.espalier.spi.operator.SlotRole.QUANTISATION_SCALE;
import static io.espalier.spi.operator.SlotRole.ZERO_POINT;

import io.espalier.graph.operator.OperatorDefinition.Builder;
import io.espalier.graph.shape.NodeScope;
import io.espalier.graph.shape.ShapeRule;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.operator.Trait;
import io.espalier.spi.tensor.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Operators between real numbers and the integers that stand for them, and quantised forms without index notation.
 */
final class Quantisation {

    private Quantisation() {}

    static List<Builder> definitions() {
        return List.of(
                define("QuantizeLinear")
                        .notation(Quantisation::notation)
                        .shape(1, Quantisation::quantize)
                        .roles(DATA, QUANTISATION_SCALE, ZERO_POINT)
                        .traits(Trait.QUANTISES)
                        .gradient(QuantisationGradients::quantise),
                define("DequantizeLinear")
                        .notation(Quantisation::notation)
                        .shape(1, Quantisation::dequantize)
                        .roles(DATA, QUANTISATION_SCALE, ZERO_POINT)
                        .traits(Trait.DEQUANTISES)
                        .gradient(QuantisationGradients::dequantise),
                define("com.microsoft.QuantizeLinear")
                        .shape(1, Quantisation::quantize)
                        .roles(DATA, QUANTISATION_SCALE, ZERO_POINT)
                        .traits(Trait.QUANTISES),
                define("com.microsoft.DequantizeLinear")
                        .shape(1, Quantisation::dequantize)
                        .roles(DATA, QUANTISATION_SCALE, ZERO_POINT)
                        .traits(Trait.DEQUANTISES),
                define("DynamicQuantizeLinear").shape(1, Quantisation::dynamic).decomposes(QuantisationParts::dynamic),
                define("com.microsoft.QLinearAdd", "com.microsoft.QLinearMul").shape(4, Quantisation::binary),
                define("com.microsoft.QLinearSigmoid", "com.microsoft.QLinearLeakyRelu", "com.microsoft.QLinearSoftmax")
                        .sameShape(),
                define("com.microsoft.QLinearConcat").shape(ShapeRule.ALL, Quantisation::concat));
    }

    private static Optional<String> notation(NodeView view) {
        int rank = view.rank(0);
        int scales = view.rank(1);
        if (rank < 0 || scales < 0 || view.node().intAttribute("block_size", 0) != 0) {
            return Optional.empty();
        }
        List<String> axes = letters("a", rank);
        boolean perChannel =
                scales == 1 && rank > 0 && !view.shape(1).orElseThrow().get(0).equals(Dim.ONE);
        String channel = perChannel ? axes.get(view.axis("axis", 1, rank)) : "";
        return Optional.of(operand("x", axes)
                + " " + setting("s", channel, scales)
                + " " + setting("z", channel, view.rank(2))
                + " -> " + operand("y", axes));
    }

    /** Scales and zero points are one a channel, or one element of any rank. */
    private static String setting(String name, String channel, int rank) {
        return operand(name, channel.isEmpty() ? letters(name, Math.max(rank, 0)) : List.of(channel));
    }

    private static void quantize(NodeScope scope) {
        Optional<DataType> named = DataType.ofOnnxNumber(scope.node().intAttribute("output_dtype", 0));
        scope.put(0, scope.type(2).or(() -> named).or(() -> Optional.of(DataType.UINT8)), scope.shape(0));
    }

    private static void dequantize(NodeScope scope) {
        Optional<DataType> named = DataType.ofOnnxNumber(scope.node().intAttribute("output_dtype", 0));
        scope.put(0, named.or(() -> scope.type(1)), scope.shape(0));
    }

    private static void dynamic(NodeScope scope) {
        scope.put(0, DataType.UINT8, scope.shape(0));
        scope.put(1, DataType.FLOAT32, List.of());
        scope.put(2, DataType.UINT8, List.of());
    }

    private static void binary(NodeScope scope) {
        scope.put(0, Broadcast.of(scope, List.of(scope.shape(0), scope.shape(3))));
    }

    /** Inputs are scale and zero point of the output, then tensor, scale and zero point of each operand. */
    private static void concat(NodeScope scope) {
        List<Dim> output = new ArrayList<>(scope.shape(2));
        int axis = scope.axis(0, output.size());
        for (int slot = 5; slot < scope.node().inputs().size(); slot += 3) {
            List<Dim> next = scope.shape(slot, output.size());
            output.set(axis, output.get(axis).plus(next.get(axis)));
        }
        scope.put(0, scope.type(2), output);
    }
}
