package io.espalier.graph.shape;

import io.espalier.spi.tensor.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Quantisation, and element-wise operators on quantised operands. */
final class QuantizationRules {

    private QuantizationRules() {}

    static void register(RuleTable table) {
        table.add(1, QuantizationRules::quantize, "QuantizeLinear", "com.microsoft.QuantizeLinear");
        table.add(1, QuantizationRules::dequantize, "DequantizeLinear", "com.microsoft.DequantizeLinear");
        table.add(1, QuantizationRules::dynamic, "DynamicQuantizeLinear");
        table.add(4, QuantizationRules::binary, "com.microsoft.QLinearAdd", "com.microsoft.QLinearMul");
        table.add(
                1,
                ElementwiseRules::sameShape,
                "com.microsoft.QLinearSigmoid",
                "com.microsoft.QLinearLeakyRelu",
                "com.microsoft.QLinearSoftmax");
        table.add(RuleTable.ALL, QuantizationRules::concat, "com.microsoft.QLinearConcat");
    }

    private static void quantize(NodeScope scope) {
        Optional<DataType> named = OnnxTypes.of(scope.node().intAttribute("output_dtype", 0));
        scope.put(0, scope.type(2).or(() -> named).or(() -> Optional.of(DataType.UINT8)), scope.shape(0));
    }

    private static void dequantize(NodeScope scope) {
        Optional<DataType> named = OnnxTypes.of(scope.node().intAttribute("output_dtype", 0));
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
