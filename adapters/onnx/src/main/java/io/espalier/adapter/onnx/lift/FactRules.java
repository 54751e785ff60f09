package io.espalier.adapter.onnx.lift;

import io.espalier.adapter.onnx.proto.AttributeProto;
import io.espalier.adapter.onnx.proto.NodeProto;
import io.espalier.adapter.onnx.store.OnnxTypes;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Element type and rank of a node's outputs, as far as they follow from its inputs without shapes. */
final class FactRules {

    private static final Set<String> BOOL_RESULT = Set.of(
            "Equal", "Greater", "Less", "GreaterOrEqual", "LessOrEqual", "And", "Or", "Not", "Xor", "IsNaN", "IsInf");
    private static final Set<String> INT64_RESULT =
            Set.of("Shape", "Size", "ArgMax", "ArgMin", "NonZero", "NonMaxSuppression");
    private static final Set<String> BROADCASTING = Set.of(
            "Add",
            "Sub",
            "Mul",
            "Div",
            "Pow",
            "Max",
            "Min",
            "Sum",
            "Mean",
            "Mod",
            "PRelu",
            "Where",
            "Equal",
            "Greater",
            "Less",
            "GreaterOrEqual",
            "LessOrEqual",
            "And",
            "Or",
            "Xor",
            "BitShift");
    private static final Set<String> SAME_RANK = Set.of(
            "Conv",
            "ConvTranspose",
            "MaxPool",
            "AveragePool",
            "LpPool",
            "GlobalAveragePool",
            "GlobalMaxPool",
            "GlobalLpPool",
            "BatchNormalization",
            "InstanceNormalization",
            "LayerNormalization",
            "GroupNormalization",
            "RMSNormalization",
            "LRN",
            "LpNormalization",
            "MeanVarianceNormalization",
            "Relu",
            "LeakyRelu",
            "Elu",
            "Selu",
            "Celu",
            "Gelu",
            "Mish",
            "Swish",
            "Sigmoid",
            "HardSigmoid",
            "HardSwish",
            "Tanh",
            "Softplus",
            "Softsign",
            "Erf",
            "ThresholdedRelu",
            "Clip",
            "Abs",
            "Neg",
            "Exp",
            "Log",
            "Sqrt",
            "Reciprocal",
            "Floor",
            "Ceil",
            "Round",
            "Sign",
            "Sin",
            "Cos",
            "Tan",
            "Not",
            "Identity",
            "Dropout",
            "Softmax",
            "LogSoftmax",
            "Hardmax",
            "Transpose",
            "Concat",
            "Split",
            "Slice",
            "Pad",
            "Resize",
            "Upsample",
            "Tile",
            "Cast",
            "CastLike",
            "DepthToSpace",
            "SpaceToDepth",
            "CumSum",
            "ReverseSequence",
            "ScatterElements",
            "ScatterND",
            "Scatter",
            "TopK",
            "Trilu",
            "IsNaN",
            "IsInf",
            "QuantizeLinear",
            "DequantizeLinear",
            "DynamicQuantizeLinear",
            "MaxUnpool");

    private final Function<String, Fact> facts;
    private final VectorLengths lengths;

    /**
     * Rules over what is known so far.
     *
     * @param facts fact of a value
     * @param constants tensor of a value that is constant
     */
    FactRules(Function<String, Fact> facts, Function<String, Optional<Tensor>> constants) {
        this.facts = facts;
        this.lengths = new VectorLengths(facts, constants);
    }

    /** The fact of the output in a slot. */
    Fact output(Node node, int slot) {
        if (!node.domain().isEmpty()) {
            return Fact.UNKNOWN;
        }
        List<Graph> bodies = node.bodies();
        if (!bodies.isEmpty()) {
            return fromBody(node, bodies.get(0), slot);
        }
        int rank = rank(node);
        return new Fact(type(node, slot), rank, rank == 1 ? lengths.of(node) : -1);
    }

    private Fact fromBody(Node node, Graph body, int slot) {
        int offset = node.operator().equals("Loop") ? 1 : 0;
        if (slot + offset >= body.outputs().size()) {
            return Fact.UNKNOWN;
        }
        Fact result = facts.apply(body.outputs().get(slot + offset));
        boolean stacked = switch (node.operator()) {
            case "Loop" -> slot >= node.inputs().size() - 2;
            case "Scan" -> slot >= node.inputs().size() - node.intAttribute("num_scan_inputs", 0);
            default -> false;
        };
        return stacked ? result.withAxes(1) : result;
    }

    private DataType type(Node node, int slot) {
        String operator = node.operator();
        if (BOOL_RESULT.contains(operator)) {
            return DataType.BOOL;
        }
        if (INT64_RESULT.contains(operator)) {
            return DataType.INT64;
        }
        return switch (operator) {
            case "Cast" -> OnnxTypes.of((int) node.intAttribute("to", 0)).orElse(null);
            case "CastLike", "Where", "DequantizeLinear" -> fact(node, 1).type();
            case "OneHot" -> fact(node, 2).type();
            case "ConstantOfShape" ->
                node.attributes().get("value") instanceof Attribute.Constant value
                        ? value.value().type()
                        : DataType.FLOAT32;
            case "MaxPool", "TopK" -> slot == 0 ? fact(node, 0).type() : DataType.INT64;
            case "Dropout" -> slot == 0 ? fact(node, 0).type() : DataType.BOOL;
            case "QuantizeLinear" -> node.input(2).isPresent() ? fact(node, 2).type() : DataType.UINT8;
            case "DynamicQuantizeLinear" -> slot == 1 ? DataType.FLOAT32 : DataType.UINT8;
            case "MatMulInteger", "ConvInteger" -> DataType.INT32;
            case "QLinearMatMul", "QLinearConv" -> fact(node, 7).type();
            case "RandomNormal",
                    "RandomUniform",
                    "RandomNormalLike",
                    "RandomUniformLike",
                    "EyeLike",
                    "Multinomial",
                    "Bernoulli",
                    "Unique",
                    "HannWindow",
                    "HammingWindow",
                    "BlackmanWindow",
                    "MelWeightMatrix",
                    "SequenceLength",
                    "SequenceAt",
                    "SplitToSequence",
                    "SequenceConstruct",
                    "Optional" -> null;
            default -> fact(node, 0).type();
        };
    }

    private int rank(Node node) {
        String operator = node.operator();
        if (SAME_RANK.contains(operator)) {
            return fact(node, 0).rank();
        }
        if (BROADCASTING.contains(operator)) {
            return broadcast(node);
        }
        if (operator.startsWith("Reduce") || operator.equals("ArgMax") || operator.equals("ArgMin")) {
            return reduced(node);
        }
        return switch (operator) {
            case "Gemm", "Flatten" -> 2;
            case "Shape" -> 1;
            case "Size" -> 0;
            case "MatMul", "MatMulInteger" ->
                matMul(fact(node, 0).rank(), fact(node, 1).rank());
            case "Reshape", "ConstantOfShape" -> length(node, operator.equals("Reshape") ? 1 : 0);
            case "Expand" -> both(fact(node, 0).rank(), length(node, 1));
            case "Squeeze" -> shifted(node, -1);
            case "Unsqueeze" -> shifted(node, 1);
            case "Gather" -> gather(fact(node, 0).rank(), fact(node, 1).rank());
            case "GatherElements" -> fact(node, 1).rank();
            default -> -1;
        };
    }

    private int broadcast(Node node) {
        int highest = 0;
        for (int slot = 0; slot < node.inputs().size(); slot++) {
            int rank = fact(node, slot).rank();
            if (rank < 0) {
                return -1;
            }
            highest = Math.max(highest, rank);
        }
        return highest;
    }

    private int reduced(Node node) {
        int rank = fact(node, 0).rank();
        if (node.intAttribute("keepdims", 1) != 0 || rank < 0) {
            return rank;
        }
        if (node.operator().startsWith("Arg")) {
            return rank - 1;
        }
        int axes = node.input(1).isPresent() ? length(node, 1) : rank;
        return axes < 0 ? -1 : rank - axes;
    }

    private int shifted(Node node, int sign) {
        int rank = fact(node, 0).rank();
        int axes = length(node, 1);
        return rank < 0 || axes < 0 ? -1 : rank + sign * axes;
    }

    private static int matMul(int left, int right) {
        if (left < 0 || right < 0) {
            return -1;
        }
        return Math.max(Math.max(left, right), 2) - (left == 1 ? 1 : 0) - (right == 1 ? 1 : 0);
    }

    private static int gather(int data, int indices) {
        return data < 0 || indices < 0 ? -1 : data + indices - 1;
    }

    private static int both(int left, int right) {
        return left < 0 || right < 0 ? -1 : Math.max(left, right);
    }

    /** Number of elements of the vector in a slot, or -1. */
    private int length(Node node, int slot) {
        Fact vector = fact(node, slot);
        return vector.rank() == 1 ? (int) Math.min(Integer.MAX_VALUE, vector.length()) : -1;
    }

    private Fact fact(Node node, int slot) {
        return node.input(slot).map(facts).orElse(Fact.UNKNOWN);
    }

    /** Facts of the inputs of a native node's body, in order; fewer than it has when nothing is known of the others. */
    List<Fact> bodyInputs(NodeProto node, List<String> inputs) {
        List<Fact> known = new ArrayList<>();
        if (node.getOpType().equals("Loop")) {
            known.add(Fact.scalar(DataType.INT64));
            known.add(Fact.scalar(DataType.BOOL));
            inputs.stream().skip(2).map(facts).forEach(known::add);
        } else if (node.getOpType().equals("Scan")) {
            long scanned = node.getAttributeList().stream()
                    .filter(attribute -> attribute.getName().equals("num_scan_inputs"))
                    .mapToLong(AttributeProto::getI)
                    .sum();
            for (int i = 0; i < inputs.size(); i++) {
                Fact fact = facts.apply(inputs.get(i));
                known.add(i < inputs.size() - scanned ? fact : fact.withAxes(-1));
            }
        }
        return known;
    }
}
