package io.espalier.adapter.onnx.run;

import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.FreshNames;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.LongStream;

/** A graph that is written anew, node by node, with values of our own between. Used once. */
final class Rewriting {

    private final Graph graph;
    private final String prefix;
    private final FreshNames names;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Tensor> constants = new LinkedHashMap<>();

    /** @param prefix what names of our own begin with */
    Rewriting(Graph graph, String prefix) {
        this.graph = graph;
        this.prefix = prefix;
        this.names = FreshNames.of(graph);
    }

    /**
     * Writes all nodes.
     *
     * @param rewriter writes a node in another form, and says whether it did; others stay as they are
     */
    Graph of(Predicate<Node> rewriter) {
        for (Node node : graph.nodes()) {
            if (!rewriter.test(node)) {
                add(node);
            }
        }
        return graph.withNodes(nodes).withConstants(constants);
    }

    void add(Node node) {
        nodes.add(node);
    }

    /** Adds a node with one output, and returns that. */
    String node(String domain, String operator, List<String> inputs, Map<String, Attribute> attributes) {
        String output = names.fresh(prefix + "/" + operator);
        nodes.add(new Node(domain, operator, inputs, List.of(output), attributes));
        return output;
    }

    String reshaped(String value, long... shape) {
        return node("", "Reshape", List.of(value, vector(shape)), Map.of());
    }

    String transposed(String value, long... permutation) {
        return node("", "Transpose", List.of(value), Map.of("perm", ints(permutation)));
    }

    String vector(long... values) {
        String name = names.fresh(prefix + "/numbers");
        constants.put(name, Tensors.longs(List.of((long) values.length), values));
        return name;
    }

    static Attribute ints(long... values) {
        return new Attribute.Ints(LongStream.of(values).boxed().toList());
    }

    /** The declared extents of images or of weights for them, in single precision; those that are open are -1. */
    Optional<long[]> images(String value) {
        ValueType type = graph.inputs().containsKey(value)
                ? graph.inputs().get(value)
                : graph.declared().get(value);
        return Optional.ofNullable(type)
                .filter(each -> each.type() == DataType.FLOAT32)
                .flatMap(ValueType::shape)
                .filter(shape -> shape.size() == 4)
                .map(shape -> shape.stream().mapToLong(Rewriting::extent).toArray());
    }

    private static long extent(Dimension dimension) {
        return dimension instanceof Dimension.Fixed fixed ? fixed.extent() : -1;
    }
}
