package io.espalier.graph.operator;

import io.espalier.spi.graph.Node;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Multiply-accumulates of one node, by operator. Only operators that multiply and sum count; additions of biases,
 * activations, pools and normalisations do not.
 */
final class MacRules {

    /** Counts one node; empty when an extent it needs is not known. */
    @FunctionalInterface
    interface Rule {
        Optional<Long> macs(Node node, Extents extents);
    }

    private static final Map<String, Rule> RULES = rules();

    private MacRules() {}

    /** The rule of an operator; empty when it does not multiply and sum. */
    static Optional<Rule> rule(String qualifiedOperator) {
        return Optional.ofNullable(RULES.get(qualifiedOperator));
    }

    private static Map<String, Rule> rules() {
        Map<String, Rule> rules = new LinkedHashMap<>();
        rules.put("Conv", convolution(1));
        rules.put("ConvInteger", convolution(1));
        rules.put("QLinearConv", convolution(3));
        rules.put("DeformConv", convolution(1));
        rules.put("com.microsoft.FusedConv", convolution(1));
        rules.put("ConvTranspose", MacRules::transposedConvolution);
        rules.put("Gemm", matrixProduct("transA"));
        rules.put("com.microsoft.FusedGemm", matrixProduct("transA"));
        rules.put("com.microsoft.QGemm", matrixProduct("transA"));
        rules.put("MatMul", matrixProduct(""));
        rules.put("MatMulInteger", matrixProduct(""));
        rules.put("QLinearMatMul", matrixProduct(""));
        rules.put("com.microsoft.MatMulNBits", matrixProduct(""));
        rules.put("com.microsoft.DynamicQuantizeMatMul", matrixProduct(""));
        rules.put("com.microsoft.MatMulIntegerToFloat", matrixProduct(""));
        rules.put("com.microsoft.FusedMatMul", matrixProduct("transA"));
        rules.put("com.microsoft.TransposeMatMul", matrixProduct("transA"));
        rules.put("Einsum", EinsumMacs::count);
        rules.put("Attention", MacRules::attention);
        rules.put("com.microsoft.MultiHeadAttention", MacRules::attention);
        rules.put("com.microsoft.GroupQueryAttention", MacRules::attention);
        rules.put("com.microsoft.Attention", MacRules::projectedAttention);
        rules.put("com.microsoft.QAttention", MacRules::projectedAttention);
        rules.put("LSTM", MacRules::recurrent);
        rules.put("GRU", MacRules::recurrent);
        rules.put("RNN", MacRules::recurrent);
        rules.put("com.microsoft.DynamicQuantizeLSTM", MacRules::recurrent);
        return rules;
    }

    /** Every output element sums over the input channels of its group and the window. */
    private static Rule convolution(int weightSlot) {
        return (node, extents) -> {
            Optional<Long> outputs = extents.size(output(node));
            Optional<long[]> weight = node.input(weightSlot).flatMap(extents::of);
            return both(outputs, weight.map(shape -> Extents.product(shape, 1)));
        };
    }

    /** Every input element is spread over the output channels of its group and the window. */
    private static Optional<Long> transposedConvolution(Node node, Extents extents) {
        Optional<Long> inputs = node.input(0).flatMap(extents::size);
        Optional<long[]> weight = node.input(1).flatMap(extents::of);
        return both(inputs, weight.map(shape -> Extents.product(shape, 1)));
    }

    private static Rule matrixProduct(String transposeAttribute) {
        return (node, extents) -> {
            int axis = node.intAttribute(transposeAttribute, 0) == 0 ? -1 : -2;
            return both(extents.size(output(node)), node.input(0).flatMap(left -> extents.extent(left, axis)));
        };
    }

    /** Queries times keys and probabilities times values, projections not included. */
    private static Optional<Long> attention(Node node, Extents extents) {
        Optional<Long> outputs = extents.size(output(node));
        boolean packed = node.input(1).isEmpty();
        Optional<Long> queries = packed ? outputs : node.input(0).flatMap(extents::size);
        return both(queries.flatMap(some -> outputs.map(others -> some + others)), keys(node, extents));
    }

    /** Number of keys each query sees, those of earlier calls included. */
    private static Optional<Long> keys(Node node, Extents extents) {
        Optional<Long> present = node.output(1).flatMap(value -> extents.extent(value, -2));
        return present.isPresent()
                ? present
                : node.input(1).or(() -> node.input(0)).flatMap(value -> extents.extent(value, -2));
    }

    private static Optional<Long> projectedAttention(Node node, Extents extents) {
        Optional<Long> length = node.input(0).flatMap(value -> extents.extent(value, -2));
        Optional<Long> batch = node.input(0).flatMap(value -> extents.extent(value, 0));
        Optional<Long> projection = both(both(batch, length), node.input(1).flatMap(extents::size));
        Optional<Long> products = both(extents.size(output(node)).map(size -> 2 * size), length);
        return projection.flatMap(some -> products.map(others -> some + others));
    }

    /** Input and recurrent weights, all gates and directions, once a step. */
    private static Optional<Long> recurrent(Node node, Extents extents) {
        Optional<long[]> x = node.input(0).flatMap(extents::of).filter(shape -> shape.length == 3);
        Optional<Long> weights = node.input(1)
                .flatMap(extents::size)
                .flatMap(some -> node.input(2).flatMap(extents::size).map(others -> some + others));
        return both(x.map(shape -> Math.multiplyExact(shape[0], shape[1])), weights);
    }

    private static String output(Node node) {
        return node.outputs().isEmpty() ? "" : node.id();
    }

    private static Optional<Long> both(Optional<Long> one, Optional<Long> other) {
        return one.flatMap(left -> other.map(right -> Math.multiplyExact(left, right)));
    }
}
