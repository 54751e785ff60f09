package io.espalier.adapter.onnx.lift;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A native node on its way to the neutral opset: lifting rules change it in place. Not thread-safe. */
final class NodeDraft {

    /** What lifting rules may ask of the graph around a node. */
    interface Surroundings {

        /** What is known of the types of values. */
        KnownTypes types();

        /** The tensor of a value that is constant. */
        Optional<Tensor> constant(String value);

        /** Whether anything in the file reads an output of the node being lifted. */
        boolean isRead(int output);

        /** Adds a constant with a binding in an attribute of the node; returns its name. */
        String addConstant(String wish, Tensor value, String attribute, AttributeForm form);

        /** Adds a constant that follows from the rest of the native node; returns its name. */
        String addImplied(String wish, Tensor value);

        /** Makes a value that the native node computes a constant of the neutral graph. */
        void imply(String value, Tensor tensor);

        /** Says that a value has another type in the neutral graph than in the file. */
        void forgetType(String value);

        /** Refuses the model unless the types that were asked for become known. */
        void refuseAtLast(String what);

        /** The refusal of a model, saying which file it is. */
        InvalidInputException broken(String what);

        /** A new value name. */
        String fresh(String wish);
    }

    String domain;
    String operator;
    final List<String> inputs;
    final List<String> outputs;
    final Map<String, Attribute> attributes;
    final List<Node> before = new ArrayList<>();
    final List<Node> after = new ArrayList<>();

    private final String id;
    private final Surroundings surroundings;
    private final Map<Integer, SlotBinding> slots = new HashMap<>();
    private final Set<String> neutralOnly = new HashSet<>();
    private final Map<String, Map<Integer, SlotBinding>> parts = new LinkedHashMap<>();

    NodeDraft(Node node, Surroundings surroundings) {
        this.domain = node.domain();
        this.operator = node.operator();
        this.inputs = new ArrayList<>(node.inputs());
        this.outputs = new ArrayList<>(node.outputs());
        this.attributes = new LinkedHashMap<>(node.attributes());
        this.id = node.id();
        this.surroundings = surroundings;
    }

    Surroundings surroundings() {
        return surroundings;
    }

    Node node() {
        return new Node(domain, operator, inputs, outputs, attributes);
    }

    NodeBinding binding(NodeRef ref) {
        return new NodeBinding(ref, slots, neutralOnly);
    }

    /** Bindings of nodes before or after this one that read inputs of the native node, by their first output. */
    Map<String, NodeBinding> partBindings(NodeRef ref) {
        Map<String, NodeBinding> bindings = new LinkedHashMap<>();
        parts.forEach((output, places) -> bindings.put(output, new NodeBinding(ref, places, Set.of())));
        return bindings;
    }

    /**
     * Makes a node of the standard domain that reads inputs of the native node.
     *
     * @param operands for each input, an input of this draft or the name of another value
     * @return the node; it belongs before or after this one
     */
    Node part(String operator, List<Operand> operands, String output, Map<String, Attribute> settings) {
        return part(operator, operands, List.of(output), settings);
    }

    /** As {@link #part(String, List, String, Map)}, with several outputs. */
    Node part(String operator, List<Operand> operands, List<String> results, Map<String, Attribute> settings) {
        List<String> names = new ArrayList<>();
        Map<Integer, SlotBinding> places = new HashMap<>();
        for (Operand operand : operands) {
            places.put(names.size(), operand.place());
            names.add(operand.value());
        }
        parts.put(results.get(0), places);
        return Node.of(operator, names, results, settings);
    }

    /**
     * An input of a part.
     *
     * @param value name of the value
     * @param place where it lies in the native node
     */
    record Operand(String value, SlotBinding place) {

        static Operand of(String value) {
            return new Operand(value, new SlotBinding.Implied());
        }
    }

    /** An input of the native node, as a part reads it; empty when absent. */
    Optional<Operand> operand(int slot) {
        return input(slot).map(value -> new Operand(value, new SlotBinding.Input(slot)));
    }

    /** The same of an input without which the operator makes no sense. */
    Operand requiredOperand(int slot) {
        return new Operand(required(slot), new SlotBinding.Input(slot));
    }

    /** The number of axes of an input; -1 when it is not known. */
    int rank(int slot) {
        return shape(slot).map(List::size).orElse(-1);
    }

    /** Whether an input is known to have one element. */
    boolean isSingle(int slot) {
        return shape(slot)
                .filter(shape -> shape.isEmpty() || shape.equals(List.of(new Dimension.Fixed(1))))
                .isPresent();
    }

    private Optional<List<Dimension>> shape(int slot) {
        return input(slot).flatMap(surroundings.types()::shape);
    }

    Optional<String> input(int slot) {
        return slot < inputs.size() && !inputs.get(slot).isEmpty() ? Optional.of(inputs.get(slot)) : Optional.empty();
    }

    /** An input without which the operator makes no sense. */
    String required(int slot) {
        return input(slot)
                .orElseThrow(() -> surroundings.broken(operator + " node " + Quoted.name(id) + " lacks input " + slot
                        + "; the model is damaged, export it again"));
    }

    Optional<Tensor> constantInput(int slot) {
        return input(slot).flatMap(surroundings::constant);
    }

    void setInput(int slot, String value) {
        while (inputs.size() <= slot) {
            inputs.add("");
        }
        inputs.set(slot, value);
    }

    /** Says that a neutral slot is another input of the native node. */
    void movedInput(int slot, int nativeIndex) {
        slots.put(slot, new SlotBinding.Input(nativeIndex));
    }

    /** Lets the node return a value of another shape, and brings that back to the shape of a value. */
    void restoreShape(String like, String result) {
        String shape = fresh("shape");
        after.add(Node.of("Shape", List.of(like), List.of(shape), Map.of()));
        after.add(Node.of("Reshape", List.of(result, shape), List.of(outputs.get(0)), Map.of()));
        outputs.set(0, result);
    }

    /** A new value of this node's family. */
    String fresh(String role) {
        return surroundings.fresh(id + "/" + role);
    }

    /** An attribute the neutral opset needs and the native one does not have. */
    void setNeutralOnly(String name, Attribute value) {
        attributes.put(name, value);
        neutralOnly.add(name);
    }

    long intAttribute(String name, long otherwise) {
        return attributes.get(name) instanceof Attribute.Int number ? number.value() : otherwise;
    }

    String textAttribute(String name, String otherwise) {
        return attributes.get(name) instanceof Attribute.Text text ? text.value() : otherwise;
    }

    /** The element type of the first input; single precision when nothing is known, as the oldest files are. */
    DataType firstInputType() {
        return input(0).flatMap(surroundings.types()::elementType).orElse(DataType.FLOAT32);
    }

    /**
     * Turns an attribute, if there is one, into an input.
     *
     * @param type the element type of the input
     */
    void toInput(String attribute, int slot, AttributeForm form, DataType type) {
        slots.put(slot, new SlotBinding.FromAttribute(attribute, form));
        Attribute value = attributes.remove(attribute);
        if (value != null) {
            Tensor tensor = form.tensor(value, type)
                    .orElseThrow(() -> surroundings.broken(operator + " node " + Quoted.name(id) + ": attribute "
                            + Quoted.name(attribute) + " has the wrong type; export the model again"));
            addInput(attribute, slot, tensor, form);
        }
    }

    /** Adds a constant input that is written back as an attribute. */
    void addInput(String attribute, int slot, Tensor value, AttributeForm form) {
        slots.put(slot, new SlotBinding.FromAttribute(attribute, form));
        setInput(slot, surroundings.addConstant(id + "/" + attribute, value, attribute, form));
    }
}
