package io.espalier.engine.reprove;

import io.espalier.engine.reprove.Difference.Kind;
import io.espalier.spi.Quoted;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Names what differs between two graphs: interface, nodes, attributes and constants, those of bodies included. */
final class GraphDifferences {

    private final List<Difference> found = new ArrayList<>();

    private GraphDifferences() {}

    /** What differs, first the interface, then nodes in the order of the expected graph, then constants; empty when equal. */
    static List<Difference> between(Graph expected, Graph actual) {
        GraphDifferences differences = new GraphDifferences();
        differences.compareGraphs(expected, actual);
        return List.copyOf(differences.found);
    }

    private void compareGraphs(Graph expected, Graph actual) {
        compareInterface(expected, actual);
        compareNodes(byId(expected), byId(actual));
        compareConstants(expected.constants(), actual.constants());
    }

    private void add(Kind kind, String name, String text) {
        found.add(new Difference(kind, name, text));
    }

    // ---- interface

    private void compareInterface(Graph expected, Graph actual) {
        compareNames(
                "inputs",
                List.copyOf(expected.inputs().keySet()),
                List.copyOf(actual.inputs().keySet()));
        compareNames("outputs", expected.outputs(), actual.outputs());
        expected.inputs()
                .forEach((name, type) ->
                        compareType("input", name, type, actual.inputs().get(name)));
        for (String output : Set.copyOf(expected.outputs())) {
            ValueType type = expected.declared().get(output);
            if (type != null && actual.outputs().contains(output)) {
                compareType("output", output, type, actual.declared().get(output));
            }
        }
    }

    private void compareNames(String what, List<String> expected, List<String> actual) {
        if (!expected.equals(actual)) {
            add(Kind.INTERFACE, "", "the " + what + " are " + names(actual) + " instead of " + names(expected));
        }
    }

    private static String names(List<String> names) {
        return names.isEmpty()
                ? "none"
                : String.join(", ", names.stream().map(Quoted::name).toList());
    }

    private void compareType(String what, String name, ValueType expected, ValueType actual) {
        if (actual != null && !expected.equals(actual)) {
            add(
                    Kind.INTERFACE,
                    name,
                    "the " + what + " " + Quoted.name(name) + " has type " + text(actual) + " instead of "
                            + text(expected));
        }
    }

    private static String text(ValueType type) {
        return type.type() + type.shape().map(Object::toString).orElse("");
    }

    // ---- nodes

    private static Map<String, Node> byId(Graph graph) {
        Map<String, Node> nodes = new LinkedHashMap<>();
        graph.nodes().forEach(node -> nodes.put(node.id(), node));
        return nodes;
    }

    private void compareNodes(Map<String, Node> expected, Map<String, Node> actual) {
        expected.forEach((id, node) -> {
            if (actual.containsKey(id)) {
                compareNode(node, actual.get(id));
            } else {
                add(Kind.NODE, id, "no node makes " + Quoted.name(id) + ", which " + node.operator() + " should make");
            }
        });
        actual.forEach((id, node) -> {
            if (!expected.containsKey(id)) {
                add(Kind.NODE, id, node.operator() + " makes " + Quoted.name(id) + ", which should not be there");
            }
        });
    }

    private void compareNode(Node expected, Node actual) {
        String id = expected.id();
        if (!expected.qualifiedOperator().equals(actual.qualifiedOperator())) {
            add(
                    Kind.NODE,
                    id,
                    Quoted.name(id) + " is made by " + actual.qualifiedOperator() + " instead of "
                            + expected.qualifiedOperator());
            return;
        }
        String node = expected.operator() + " that makes " + Quoted.name(id);
        if (!expected.inputs().equals(actual.inputs())) {
            add(
                    Kind.NODE,
                    id,
                    "the " + node + " reads " + names(actual.inputs()) + " instead of " + names(expected.inputs()));
        }
        if (!expected.outputs().equals(actual.outputs())) {
            add(
                    Kind.NODE,
                    id,
                    "the " + node + " also makes " + names(actual.outputs()) + " instead of "
                            + names(expected.outputs()));
        }
        Set<String> attributes = new LinkedHashSet<>(expected.attributes().keySet());
        attributes.addAll(actual.attributes().keySet());
        for (String attribute : attributes) {
            compareAttribute(
                    node,
                    id,
                    attribute,
                    expected.attributes().get(attribute),
                    actual.attributes().get(attribute));
        }
    }

    private void compareAttribute(String node, String id, String name, Attribute expected, Attribute actual) {
        if (expected instanceof Attribute.Body one && actual instanceof Attribute.Body other) {
            compareGraphs(one.graph(), other.graph());
        } else if (!isSame(expected, actual)) {
            add(
                    Kind.ATTRIBUTE,
                    id,
                    "the attribute '" + name + "' of the " + node + " is " + text(actual) + " instead of "
                            + text(expected));
        }
    }

    private static boolean isSame(Attribute expected, Attribute actual) {
        if (expected instanceof Attribute.Constant one && actual instanceof Attribute.Constant other) {
            return constantDifference(one.value(), other.value()).isEmpty();
        }
        return expected != null && expected.equals(actual);
    }

    private static String text(Attribute attribute) {
        if (attribute == null) {
            return "absent";
        }
        if (attribute instanceof Attribute.Int value) {
            return String.valueOf(value.value());
        }
        if (attribute instanceof Attribute.Real value) {
            return String.valueOf(value.value());
        }
        if (attribute instanceof Attribute.Text value) {
            return Quoted.name(value.value());
        }
        if (attribute instanceof Attribute.Ints value) {
            return value.values().toString();
        }
        if (attribute instanceof Attribute.Reals value) {
            return value.values().toString();
        }
        if (attribute instanceof Attribute.Texts value) {
            return names(value.values());
        }
        return attribute instanceof Attribute.Constant ? "another tensor" : "another graph";
    }

    // ---- constants

    private void compareConstants(Map<String, Tensor> expected, Map<String, Tensor> actual) {
        expected.forEach((name, tensor) -> {
            Tensor other = actual.get(name);
            if (other == null) {
                add(Kind.CONSTANT, name, "the constant " + Quoted.name(name) + " is missing");
            } else {
                constantDifference(tensor, other)
                        .ifPresent(text -> add(Kind.CONSTANT, name, "the constant " + Quoted.name(name) + " " + text));
            }
        });
        actual.keySet().stream()
                .filter(name -> !expected.containsKey(name))
                .forEach(
                        name -> add(Kind.CONSTANT, name, "the constant " + Quoted.name(name) + " should not be there"));
    }

    private static Optional<String> constantDifference(Tensor expected, Tensor actual) {
        if (expected.type() != actual.type() || !expected.shape().equals(actual.shape())) {
            return Optional.of(
                    "is " + actual.type() + actual.shape() + " instead of " + expected.type() + expected.shape());
        }
        return TensorDigest.of(expected).equals(TensorDigest.of(actual))
                ? Optional.empty()
                : Optional.of("has other elements");
    }
}
