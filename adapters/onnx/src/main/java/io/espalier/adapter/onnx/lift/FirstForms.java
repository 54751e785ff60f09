package io.espalier.adapter.onnx.lift;

import io.espalier.adapter.onnx.lift.MovedAttributes.Move;
import io.espalier.adapter.onnx.lift.NodeDraft.Operand;
import io.espalier.adapter.onnx.proto.TensorProto;
import io.espalier.spi.Quoted;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Attribute.Int;
import io.espalier.spi.graph.Attribute.Real;
import io.espalier.spi.graph.Attribute.Text;
import io.espalier.spi.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * What changed in the standard operators up to opset 7: a node of opsets 1 to 6 is brought to the form of 7. Nodes are not
 * added to files that old, so there is no way back.
 */
final class FirstForms {

    /** The first opset whose nodes have nothing to do with this. */
    static final int LAST = 7;

    private static final MovedAttributes SHAPE = MovedAttributes.of(Move.ints(5, "shape", 1));
    private static final MovedAttributes PADDINGS = MovedAttributes.of(Move.ints(2, "paddings", 1));

    private FirstForms() {}

    /** Brings a node to the form that it has at opset 7. */
    static void lift(NodeDraft node, int opset) {
        if (opset >= LAST) {
            return;
        }
        node.attributes.remove("consumed_inputs");
        switch (node.operator) {
            case "Add", "Sub", "Mul", "Div", "Pow", "And", "Or", "Xor", "Equal", "Greater", "Less" -> broadcast(node);
            case "Gemm" -> node.attributes.remove("broadcast");
            case "PRelu" -> slopes(node);
            case "BatchNormalization" -> requireInference(node, "normalises by the statistics of each batch");
            case "Dropout" -> requireInference(node, "drops elements at random");
            case "RNN", "GRU", "LSTM" -> node.attributes.remove("output_sequence");
            case "Cast" -> cast(node);
            case "Concat" -> node.attributes.putIfAbsent("axis", new Int(1));
            case "LpPool", "GlobalLpPool" -> wholeNumber(node, "p");
            case "Selu" -> selu(node, opset);
            case "Reshape" -> SHAPE.lift(node, opset);
            case "Pad" -> PADDINGS.lift(node, opset);
            case "Tile" -> tile(node, opset);
            case "Upsample" -> upsample(node);
            default -> requireKnown(node, opset);
        }
    }

    private static void requireKnown(NodeDraft node, int opset) {
        if (OperatorSchemas.of(node.operator).isEmpty()) {
            throw node.surroundings()
                    .broken(node.operator + " " + Quoted.name(node.node().id()) + " of opset " + opset
                            + " has no form in later opsets; export the model again with opset " + LAST + " or newer");
        }
    }

    /** The second operand was laid along the axes of the first from {@code axis} on; now the last axes correspond. */
    private static void broadcast(NodeDraft node) {
        boolean asked = node.intAttribute("broadcast", 0) != 0;
        Optional<Long> axis = asked && node.attributes.get("axis") instanceof Int number
                ? Optional.of(number.value())
                : Optional.empty();
        node.attributes.remove("broadcast");
        node.attributes.remove("axis");
        axis.ifPresent(from -> align(node, from));
    }

    /** A slope for each channel was a vector. */
    private static void slopes(NodeDraft node) {
        align(node, 1);
    }

    /** Adds axes to the second operand, so that its first axis corresponds to one of the first operand. */
    private static void align(NodeDraft node, long axis) {
        if (node.isSingle(1)) {
            return;
        }
        int rank = node.rank(0);
        int own = node.rank(1);
        if (rank < 0 || own < 0) {
            node.surroundings()
                    .refuseAtLast(node.operator + " " + Quoted.name(node.node().id())
                            + " lays its second operand along axis " + axis
                            + " of the first, and how many axes they have is not known; export the model again");
            return;
        }
        long first = axis < 0 ? axis + rank : axis;
        if (first < 0 || first > rank) {
            throw node.surroundings()
                    .broken(node.operator + " " + Quoted.name(node.node().id()) + " names axis " + axis
                            + " of an operand with " + rank + " axes; the model is damaged, export it again");
        }
        if (first + own >= rank) {
            return;
        }
        String wide = node.fresh("wide");
        String axes = node.surroundings()
                .addImplied(
                        wide + "/axes",
                        Tensors.vector(LongStream.range(own, rank - first).toArray()));
        node.before.add(node.part("Unsqueeze", List.of(node.requiredOperand(1), Operand.of(axes)), wide, Map.of()));
        node.setInput(1, wide);
    }

    /** Files for inference say so, or nothing. */
    private static void requireInference(NodeDraft node, String training) {
        if (node.attributes.remove("is_test") instanceof Int number && number.value() == 0) {
            throw node.surroundings()
                    .broken(node.operator + " " + Quoted.name(node.node().id()) + " " + training
                            + " (is_test=0); export the model for inference");
        }
    }

    private static void cast(NodeDraft node) {
        if (node.attributes.get("to") instanceof Text text) {
            int type = Arrays.stream(TensorProto.DataType.values())
                    .filter(each -> each.name().equals(text.value()))
                    .mapToInt(TensorProto.DataType::getNumber)
                    .findFirst()
                    .orElseThrow(() -> node.surroundings()
                            .broken("Cast " + Quoted.name(node.node().id()) + " casts to " + Quoted.name(text.value())
                                    + ", which is no type; the model is damaged, export it again"));
            node.attributes.put("to", new Int(type));
        }
    }

    private static void wholeNumber(NodeDraft node, String attribute) {
        if (node.attributes.get(attribute) instanceof Real real) {
            node.attributes.put(attribute, new Int(Math.round(real.value())));
        }
    }

    /** The constants had fewer digits at first. */
    private static void selu(NodeDraft node, int opset) {
        if (opset < 6) {
            node.attributes.putIfAbsent("alpha", new Real((float) 1.6732));
            node.attributes.putIfAbsent("gamma", new Real((float) 1.0507));
        }
    }

    /** Repeated one axis, which the third input named. */
    private static void tile(NodeDraft node, int opset) {
        if (opset >= 6) {
            return;
        }
        int rank = node.rank(0);
        Optional<long[]> tiles = node.constantInput(1).map(Tensors::toLongs);
        Optional<long[]> axis = node.constantInput(2).map(Tensors::toLongs);
        if (rank < 1 || !isNumber(tiles) || !isNumber(axis)) {
            node.surroundings()
                    .refuseAtLast("Tile " + Quoted.name(node.node().id()) + " of opset " + opset
                            + " repeats an axis that is not known; export the model again");
            return;
        }
        long[] repeats = new long[rank];
        Arrays.fill(repeats, 1);
        repeats[Math.floorMod(axis.get()[0], rank)] = tiles.get()[0];
        node.inputs.subList(1, node.inputs.size()).clear();
        node.setInput(1, node.surroundings().addImplied(node.node().id() + "/repeats", Tensors.vector(repeats)));
    }

    private static boolean isNumber(Optional<long[]> values) {
        return values.filter(all -> all.length == 1).isPresent();
    }

    /** Height and width had an attribute each. */
    private static void upsample(NodeDraft node) {
        if (node.attributes.get("height_scale") instanceof Real height
                && node.attributes.get("width_scale") instanceof Real width) {
            node.attributes.remove("height_scale");
            node.attributes.remove("width_scale");
            node.attributes.put("scales", new Attribute.Reals(List.of(1.0, 1.0, height.value(), width.value())));
        }
    }
}
