package io.espalier.engine.verify;

import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.GraphIndex;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.Tensor;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The part of a graph that computes some values from others. */
public final class Part {

    private Part() {}

    /** The type of a tensor with open extents: they differ from run to run, ranks and types do not. */
    public static ValueType open(Tensor tensor) {
        return new ValueType(
                tensor.type(), Optional.of(Collections.nCopies(tensor.shape().size(), new Dimension.Unknown())));
    }

    /** The types of values with open extents. */
    public static Map<String, ValueType> open(Map<String, Tensor> values) {
        Map<String, ValueType> types = new LinkedHashMap<>();
        values.forEach((value, tensor) -> types.put(value, open(tensor)));
        return types;
    }

    /**
     * Cuts a part out; what else the values need, back to the constants, is in it too.
     *
     * @param given types of the values that are given; only those that are read become inputs
     * @param wanted the values that are computed
     */
    public static Graph of(Graph graph, Map<String, ValueType> given, List<String> wanted) {
        List<Node> nodes = GraphIndex.of(graph).upstream(wanted, given.keySet());
        Set<String> read = new HashSet<>(wanted);
        nodes.forEach(node -> read.addAll(node.reads()));
        Map<String, ValueType> inputs = new LinkedHashMap<>(given);
        inputs.keySet().retainAll(read);
        Map<String, Tensor> constants = new LinkedHashMap<>(graph.constants());
        constants.keySet().retainAll(read);
        Map<String, ValueType> declared = new LinkedHashMap<>(graph.declared());
        declared.keySet().retainAll(wanted);
        return new Graph(graph.name(), inputs, wanted, nodes, constants, declared);
    }
}
