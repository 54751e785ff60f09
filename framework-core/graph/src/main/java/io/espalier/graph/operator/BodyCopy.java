package io.espalier.graph.operator;

import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The nodes of a body written out once more: what they make gets names of its own, and constants become those of the graph around, under
 * their names.
 */
public final class BodyCopy {

    private final Emitter e;
    /** New names of values, by their names in the body. */
    private final Map<String, String> renamed;

    private BodyCopy(Emitter e, Map<String, String> renamed) {
        this.e = e;
        this.renamed = renamed;
    }

    /**
     * Adds a copy of the nodes.
     *
     * @param given what takes the place of values of the body, such as its inputs
     * @return what its outputs are called in the copy
     */
    static List<String> add(Emitter e, Graph body, Map<String, String> given) {
        BodyCopy copy = new BodyCopy(e, new LinkedHashMap<>(given));
        e.constants().putAll(body.constants());
        body.nodes().forEach(node -> e.add(copy.of(node)));
        return copy.names(body.outputs());
    }

    /**
     * A copy as a body of its own.
     *
     * @param outer constants of the graph around, which the copy reads there
     */
    public static Graph of(Emitter e, Graph body, Set<String> outer) {
        BodyCopy copy = new BodyCopy(e, new LinkedHashMap<>());
        Map<String, Tensor> constants = new LinkedHashMap<>();
        body.constants().forEach((name, tensor) -> {
            if (!outer.contains(name)) {
                constants.put(copy.made(name), tensor);
            }
        });
        return copy.of(body).withConstants(constants);
    }

    private Graph of(Graph body) {
        Map<String, ValueType> inputs = new LinkedHashMap<>();
        body.inputs().forEach((name, type) -> inputs.put(made(name), type));
        List<Node> nodes = body.nodes().stream().map(this::of).toList();
        return new Graph(body.name(), inputs, names(body.outputs()), nodes, Map.of(), Map.of());
    }

    private Graph ofInner(Graph body) {
        e.constants().putAll(body.constants());
        return of(body);
    }

    private Node of(Node node) {
        Map<String, Attribute> attributes = new LinkedHashMap<>();
        List<String> inputs = names(node.inputs());
        node.attributes()
                .forEach((name, attribute) -> attributes.put(
                        name,
                        attribute instanceof Attribute.Body body
                                ? new Attribute.Body(ofInner(body.graph()))
                                : attribute));
        List<String> outputs = new ArrayList<>();
        node.outputs().forEach(output -> outputs.add(output.isEmpty() ? "" : made(output)));
        return new Node(node.domain(), node.operator(), inputs, outputs, attributes);
    }

    private String made(String value) {
        String name = e.fresh(value);
        renamed.put(value, name);
        return name;
    }

    private List<String> names(List<String> values) {
        return values.stream().map(value -> renamed.getOrDefault(value, value)).toList();
    }
}
