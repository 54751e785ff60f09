package io.espalier.adapter.onnx.lift;

import io.espalier.adapter.onnx.lift.NodeDraft.Operand;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * Operators of {@code ai.onnx.ml} that are others in a special form. Those that compute something of their own stay as
 * they are: the engine knows their index lines.
 */
final class LearnedLifts {

    static final String DOMAIN = "ai.onnx.ml";

    private LearnedLifts() {}

    static void lift(NodeDraft node) {
        switch (node.operator) {
            case "Scaler" -> scaler(node);
            case "LabelEncoder" -> labelEncoder(node);
            default -> {}
        }
    }

    /** Subtracts and multiplies in single precision, by feature or by one number for all. */
    private static void scaler(NodeDraft node) {
        Optional<Tensor> offset = numbers(node, "offset");
        Optional<Tensor> scale = numbers(node, "scale");
        if (offset.isEmpty() || scale.isEmpty()) {
            return;
        }
        String centred = node.fresh("centred");
        String subtrahend = node.surroundings()
                .addConstant(node.node().id() + "/offset", offset.get(), "offset", AttributeForm.FLOATS);
        node.before.add(node.part("Sub", List.of(real(node), Operand.of(subtrahend)), centred, Map.of()));
        node.attributes.clear();
        node.domain = "";
        node.operator = "Mul";
        node.setInput(0, centred);
        node.addInput("scale", 1, scale.get(), AttributeForm.FLOATS);
    }

    private static Optional<Tensor> numbers(NodeDraft node, String attribute) {
        return Optional.ofNullable(node.attributes.get(attribute))
                .flatMap(value -> AttributeForm.FLOATS.tensor(value, DataType.FLOAT32))
                .filter(tensor -> tensor.size() > 0);
    }

    /** The operand in single precision. */
    private static Operand real(NodeDraft node) {
        Operand given = node.requiredOperand(0);
        if (node.surroundings()
                .types()
                .elementType(given.value())
                .filter(type -> type == DataType.FLOAT32)
                .isPresent()) {
            return given;
        }
        String real = node.fresh("real");
        node.before.add(node.part("Cast", List.of(given), real, Map.of("to", new Attribute.Int(1))));
        return Operand.of(real);
    }

    /** Keys and values were one list and the positions in it at first; later they may be tensors. */
    private static void labelEncoder(NodeDraft node) {
        for (String role : List.of("keys", "values")) {
            asList(node, role + "_tensor", role + "_strings");
        }
        if (node.attributes.get("default_tensor") instanceof Attribute.Texts texts
                && texts.values().size() == 1) {
            node.attributes.remove("default_tensor");
            node.attributes.put(
                    "default_string", new Attribute.Text(texts.values().get(0)));
        }
        if (node.attributes.remove("classes_strings") instanceof Attribute.Texts classes) {
            Attribute positions = new Attribute.Ints(
                    LongStream.range(0, classes.values().size()).boxed().toList());
            boolean fromText =
                    node.surroundings().types().elementType(node.required(0)).isEmpty();
            node.attributes.put(fromText ? "keys_strings" : "keys_int64s", fromText ? classes : positions);
            node.attributes.put(fromText ? "values_int64s" : "values_strings", fromText ? positions : classes);
        }
    }

    private static void asList(NodeDraft node, String tensor, String list) {
        if (node.attributes.get(tensor) instanceof Attribute.Texts texts) {
            node.attributes.remove(tensor);
            node.attributes.put(list, texts);
        }
    }
}
