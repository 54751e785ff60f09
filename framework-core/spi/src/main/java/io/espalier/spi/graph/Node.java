package io.espalier.spi.graph;

import io.espalier.spi.Stability;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One operator application in the neutral graph.
 *
 * <p>A node is identified by its first output ({@link #id()}): node names are often empty in real files.
 *
 * @param domain operator domain, empty for the standard one ({@code ai.onnx})
 * @param operator operator type in the ONNX vocabulary at {@link Graph#OPSET}
 * @param inputs value names; an empty string stands for an absent optional input
 * @param outputs value names; an empty string stands for an output nobody reads
 * @param attributes attributes by name, in a stable order
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public record Node(
        String domain, String operator, List<String> inputs, List<String> outputs, Map<String, Attribute> attributes) {

    /** The domain of operators that only the neutral graph has: a runtime is given {@code Identity} in their place. */
    public static final String OWN_DOMAIN = "espalier";

    public Node {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
    }

    /** A node of the standard domain. */
    public static Node of(
            String operator, List<String> inputs, List<String> outputs, Map<String, Attribute> attributes) {
        return new Node("", operator, inputs, outputs, attributes);
    }

    /**
     * A node that hands a value on and keeps one axis of it whole, where what a native operator computes depends on the
     * extent of that axis, and no operator of the vocabulary says so.
     *
     * @param axis the axis of which nothing may be removed
     * @param reason a clause that completes "cannot be removed because ..."
     */
    public static Node whole(String value, String output, long axis, String reason) {
        Map<String, Attribute> attributes = new LinkedHashMap<>();
        attributes.put("axis", new Attribute.Int(axis));
        attributes.put("reason", new Attribute.Text(reason));
        return new Node(OWN_DOMAIN, "Whole", List.of(value), List.of(output), attributes);
    }

    /** The name of the first output that somebody can read. */
    public String id() {
        return outputs.stream().filter(name -> !name.isEmpty()).findFirst().orElse("");
    }

    /** The operator with its domain, such as {@code Conv} or {@code com.microsoft.Gelu}. */
    public String qualifiedOperator() {
        return domain.isEmpty() ? operator : domain + "." + operator;
    }

    /** The input in a slot, or empty when it is absent. */
    public Optional<String> input(int slot) {
        return slot < inputs.size() && !inputs.get(slot).isEmpty() ? Optional.of(inputs.get(slot)) : Optional.empty();
    }

    /** The output in a slot, or empty when it is absent. */
    public Optional<String> output(int slot) {
        return slot < outputs.size() && !outputs.get(slot).isEmpty()
                ? Optional.of(outputs.get(slot))
                : Optional.empty();
    }

    /** An integer attribute, or the default. */
    public long intAttribute(String name, long otherwise) {
        return attributes.get(name) instanceof Attribute.Int attribute ? attribute.value() : otherwise;
    }

    /** A floating-point attribute, or the default. */
    public double realAttribute(String name, double otherwise) {
        return attributes.get(name) instanceof Attribute.Real attribute ? attribute.value() : otherwise;
    }

    /** A string attribute, or the default. */
    public String textAttribute(String name, String otherwise) {
        return attributes.get(name) instanceof Attribute.Text attribute ? attribute.value() : otherwise;
    }

    /** A list-of-integers attribute, or empty when it is absent. */
    public Optional<List<Long>> intsAttribute(String name) {
        return attributes.get(name) instanceof Attribute.Ints attribute
                ? Optional.of(attribute.values())
                : Optional.empty();
    }

    /** The sub-graphs among the attributes, in order. */
    public List<Graph> bodies() {
        List<Graph> bodies = new ArrayList<>(0);
        for (Attribute attribute : attributes.values()) {
            if (attribute instanceof Attribute.Body body) {
                bodies.add(body.graph());
            }
        }
        return bodies;
    }

    /** Names of all values this node reads, those that its sub-graphs capture included. */
    public Set<String> reads() {
        Set<String> values = new LinkedHashSet<>();
        inputs.stream().filter(input -> !input.isEmpty()).forEach(values::add);
        for (Graph body : bodies()) {
            body.nodes().forEach(inner -> values.addAll(inner.reads()));
            values.addAll(body.outputs());
        }
        return values;
    }

    /** This node with one attribute set. */
    public Node withAttribute(String name, Attribute value) {
        Map<String, Attribute> changed = new LinkedHashMap<>(attributes);
        changed.put(name, value);
        return new Node(domain, operator, inputs, outputs, changed);
    }

    /** This node with one input exchanged; missing slots before it become absent. */
    public Node withInput(int slot, String value) {
        List<String> changed = new ArrayList<>(inputs);
        while (changed.size() <= slot) {
            changed.add("");
        }
        changed.set(slot, value);
        return new Node(domain, operator, changed, outputs, attributes);
    }
}
