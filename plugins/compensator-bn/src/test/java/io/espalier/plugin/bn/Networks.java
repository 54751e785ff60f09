package io.espalier.plugin.bn;

import io.espalier.spi.data.Dataset;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Dimension;
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

/** Small networks with batch normalisation, and data for them. */
final class Networks {

    static final double EPSILON = 1e-3;

    private final Map<String, ValueType> inputs = new LinkedHashMap<>();
    private final Map<String, Tensor> constants = new LinkedHashMap<>();
    private final List<Node> nodes = new ArrayList<>();

    /** An input {@code x} of float32 with the given extents; the batch is a symbol where 0 is given. */
    static Networks input(long... extents) {
        Networks network = new Networks();
        List<Dimension> shape = new ArrayList<>();
        for (long extent : extents) {
            shape.add(extent == 0 ? new Dimension.Symbol("batch") : new Dimension.Fixed(extent));
        }
        network.inputs.put("x", new ValueType(DataType.FLOAT32, Optional.of(shape)));
        return network;
    }

    /** A normalisation of two channels whose operands are named after {@code layer}. */
    Networks normalise(String layer, String from, String to) {
        constant(layer + ".scale", 2, 3);
        constant(layer + ".shift", -1, 0.5f);
        constant(layer + ".mean", 9, 9);
        constant(layer + ".var", 7, 7);
        return node(
                normalisation(List.of(from, layer + ".scale", layer + ".shift", layer + ".mean", layer + ".var"), to));
    }

    Networks constant(String name, float... values) {
        constants.put(name, Tensors.floats(Tensors.shape(values.length), values));
        return this;
    }

    Networks constant(String name, Tensor value) {
        constants.put(name, value);
        return this;
    }

    Networks node(Node node) {
        nodes.add(node);
        return this;
    }

    Graph returning(String output) {
        return new Graph("network", inputs, List.of(output), nodes, constants, Map.of());
    }

    static Node normalisation(List<String> operands, String to) {
        return Node.of("BatchNormalization", operands, List.of(to), Map.of("epsilon", new Attribute.Real(EPSILON)));
    }

    static Dataset data(String name, Tensor array) {
        Map<String, Tensor> arrays = new LinkedHashMap<>();
        arrays.put(name, array);
        arrays.put(
                "label", Tensors.vector(new long[Math.toIntExact(array.shape().get(0))]));
        return new Arrays(array.shape().get(0), arrays);
    }

    private record Arrays(long size, Map<String, Tensor> arrays) implements Dataset {}
}
