package io.espalier.adapter.onnx.lift;

import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A neutral node on its way to the opset of a file: forms change it in place. Not thread-safe. */
final class NativeDraft {

    /** What forms may ask of the graph around a node. */
    interface Surroundings {

        /** The type of a value, where it is known. */
        Optional<ValueType> type(String value);

        /** The tensor of a value that is constant. */
        Optional<Tensor> constant(String value);

        /** A new value name. */
        String fresh(String wish);
    }

    String operator;
    final List<String> inputs;
    final Map<String, Attribute> attributes;
    final List<String> outputs;

    private final Surroundings surroundings;
    private final Map<String, Tensor> constants = new HashMap<>();
    private final Set<String> older = new HashSet<>();
    private Node meaning;

    NativeDraft(Node node, Surroundings surroundings) {
        this.operator = node.operator();
        this.inputs = new ArrayList<>(node.inputs());
        this.outputs = node.outputs();
        this.attributes = new LinkedHashMap<>(node.attributes());
        this.surroundings = surroundings;
        this.meaning = node;
    }

    /** The node as it is written. */
    Node node() {
        List<String> present = new ArrayList<>(inputs);
        while (!present.isEmpty() && present.get(present.size() - 1).isEmpty()) {
            present.remove(present.size() - 1);
        }
        return new Node(meaning.domain(), operator, present, outputs, attributes);
    }

    /** The neutral node that the written one means. */
    Node meaning() {
        return meaning;
    }

    /** Constants of its own. */
    Map<String, Tensor> constants() {
        return constants;
    }

    /** Attributes of the older form, with names or meanings that the neutral operator does not have. */
    Set<String> older() {
        return older;
    }

    boolean isAbsent(int slot) {
        return slot >= inputs.size() || inputs.get(slot).isEmpty();
    }

    /** The number of axes of an input; -1 when it is not known. */
    int rank(int slot) {
        return isAbsent(slot)
                ? -1
                : surroundings
                        .type(inputs.get(slot))
                        .flatMap(ValueType::shape)
                        .map(List<Dimension>::size)
                        .orElse(-1);
    }

    /** The tensor of an input that is constant. */
    Optional<Tensor> constant(int slot) {
        return isAbsent(slot)
                ? Optional.empty()
                : Optional.ofNullable(constants.get(inputs.get(slot)))
                        .or(() -> surroundings.constant(inputs.get(slot)));
    }

    /** Turns an input that is constant, and that a float can hold where it is one, into an attribute. */
    void toAttribute(int slot, String attribute, AttributeForm form) {
        if (!isAbsent(slot)) {
            Optional<Tensor> value = constant(slot);
            if (value.isPresent() && form.holds(value.get())) {
                setAttribute(attribute, form.attribute(value.get()));
                inputs.set(slot, "");
            }
        }
    }

    void setAttribute(String name, Attribute value) {
        attributes.put(name, value);
        older.add(name);
    }

    /** Says a setting in other words that mean the same. */
    void restate(String name, Attribute value) {
        attributes.put(name, value);
        meaning = meaning.withAttribute(name, value);
    }

    /** Says a constant input in other words that mean the same. */
    void restate(int slot, String role, Tensor value) {
        addConstant(slot, role, value);
        meaning = meaning.withInput(slot, inputs.get(slot));
    }

    void addConstant(int slot, String role, Tensor value) {
        while (inputs.size() <= slot) {
            inputs.add("");
        }
        String name = surroundings.fresh(meaning.id() + "/" + role);
        inputs.set(slot, name);
        constants.put(name, value);
    }

    long intAttribute(String name, long otherwise) {
        return attributes.get(name) instanceof Attribute.Int number ? number.value() : otherwise;
    }

    String textAttribute(String name, String otherwise) {
        return attributes.get(name) instanceof Attribute.Text text ? text.value() : otherwise;
    }
}
