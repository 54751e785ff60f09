package io.espalier.graph.operator;

import static io.espalier.graph.operator.IndexLines.letters;
import static io.espalier.graph.operator.IndexLines.operand;

import io.espalier.graph.operator.IndexLines.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Operators that work element by element, with broadcasting. */
final class ElementwiseLines {

    private static final List<String> UNARY = List.of(
            "Abs",
            "Acos",
            "Acosh",
            "Asin",
            "Asinh",
            "Atan",
            "Atanh",
            "BitwiseNot",
            "Cast",
            "Ceil",
            "Celu",
            "Cos",
            "Cosh",
            "Elu",
            "Erf",
            "Exp",
            "Floor",
            "Gelu",
            "HardSigmoid",
            "HardSwish",
            "Identity",
            "IsInf",
            "IsNaN",
            "LeakyRelu",
            "Log",
            "Mish",
            "Neg",
            "Not",
            "Reciprocal",
            "Relu",
            "Round",
            "Selu",
            "Shrink",
            "Sigmoid",
            "Sign",
            "Sin",
            "Sinh",
            "Softplus",
            "Softsign",
            "Sqrt",
            "Swish",
            "Tan",
            "Tanh",
            "ThresholdedRelu",
            "com.microsoft.Gelu",
            "com.microsoft.QuickGelu");

    private static final List<String> BROADCASTING = List.of(
            "Add",
            "And",
            "BitShift",
            "BitwiseAnd",
            "BitwiseOr",
            "BitwiseXor",
            "Div",
            "Equal",
            "Greater",
            "GreaterOrEqual",
            "Less",
            "LessOrEqual",
            "Max",
            "Mean",
            "Min",
            "Mod",
            "Mul",
            "Or",
            "PRelu",
            "Pow",
            "Sub",
            "Sum",
            "Where",
            "Xor",
            "com.microsoft.BiasGelu",
            "com.microsoft.FastGelu");

    private ElementwiseLines() {}

    static void addTo(Map<String, Rule> rules) {
        UNARY.forEach(operator -> rules.put(operator, view -> Optional.of("x[...] -> y[...]")));
        BROADCASTING.forEach(operator -> rules.put(operator, view -> Optional.of(broadcasting(view))));
        rules.put("Clip", view -> Optional.of("x[...] _ _ -> y[...]"));
        rules.put("CastLike", view -> Optional.of("x[...] _ -> y[...]"));
        rules.put("Dropout", view -> Optional.of("x[...] _ _ -> y[...] mask[...]"));
        rules.put("QuantizeLinear", ElementwiseLines::quantisation);
        rules.put("DequantizeLinear", ElementwiseLines::quantisation);
    }

    private static String broadcasting(NodeView view) {
        List<String> operands = new ArrayList<>();
        view.node().inputs().forEach(input -> operands.add("x[...]"));
        return String.join(" ", operands) + " -> y[...]";
    }

    private static Optional<String> quantisation(NodeView view) {
        int rank = view.rank(0);
        int scales = view.rank(1);
        if (rank < 0 || scales < 0 || view.node().intAttribute("block_size", 0) != 0) {
            return Optional.empty();
        }
        List<String> axes = letters("a", rank);
        boolean perChannel =
                scales == 1 && rank > 0 && !view.shape(1).orElseThrow().get(0).equals(Dims.ONE);
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
}
