package io.espalier.engine.recover;

import static io.espalier.engine.recover.TestingRefits.random;

import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * A node that applies constants named {@code w} and {@code b} to {@code x}.
 *
 * @param shapes of the constants
 */
record LinearCase(String name, Node node, long[] input, Map<String, long[]> shapes) {

    @Override
    public String toString() {
        return name;
    }

    /** Applications of weights of every kind. */
    static Stream<LinearCase> all() {
        return Stream.of(
                conv("convolution", new long[] {3, 9, 8}, new long[] {4, 3, 3, 3}, Map.of()),
                conv("convolution without bias", new long[] {3, 9, 8}, new long[] {4, 3, 2, 3}, Map.of(), false),
                conv("pointwise", new long[] {6, 5, 5}, new long[] {4, 6, 1, 1}, Map.of()),
                conv(
                        "strided and padded",
                        new long[] {3, 9, 8},
                        new long[] {4, 3, 3, 3},
                        Map.of("strides", ints(2, 1), "pads", ints(1, 0, 2, 1))),
                conv("dilated", new long[] {2, 9, 8}, new long[] {4, 2, 3, 2}, Map.of("dilations", ints(2, 3))),
                conv(
                        "same padding",
                        new long[] {2, 9, 8},
                        new long[] {4, 2, 3, 2},
                        Map.of("auto_pad", new Attribute.Text("SAME_UPPER"))),
                conv("grouped", new long[] {6, 9, 8}, new long[] {8, 3, 3, 3}, Map.of("group", new Attribute.Int(2))),
                conv("depthwise", new long[] {6, 9, 8}, new long[] {6, 1, 3, 3}, Map.of("group", new Attribute.Int(6))),
                conv(
                        "depthwise, two each",
                        new long[] {3, 9, 8},
                        new long[] {6, 1, 3, 3},
                        Map.of("group", new Attribute.Int(3))),
                conv("one axis", new long[] {3, 20}, new long[] {4, 3, 5}, Map.of()),
                conv("three axes", new long[] {2, 5, 6, 4}, new long[] {3, 2, 2, 3, 2}, Map.of()),
                transposed(
                        "transposed", new long[] {3, 5, 6}, new long[] {3, 4, 3, 3}, Map.of("strides", ints(2, 2)), 4),
                transposed(
                        "transposed, grouped",
                        new long[] {4, 5, 6},
                        new long[] {4, 3, 2, 2},
                        Map.of("group", new Attribute.Int(2)),
                        6),
                gemm("gemm", new long[] {5}, new long[] {5, 4}, Map.of()),
                gemm("gemm, transposed", new long[] {5}, new long[] {4, 5}, Map.of("transB", new Attribute.Int(1))),
                gemm("gemm, scaled", new long[] {5}, new long[] {5, 4}, Map.of("alpha", new Attribute.Real(0.5))),
                matMul("matrix product", new long[] {7, 5}, new long[] {5, 4}, "x", "w"),
                matMul("matrix product, constant at the left", new long[] {5, 7}, new long[] {4, 5}, "w", "x"),
                matMul("a matrix for each head", new long[] {3, 7, 5}, new long[] {3, 5, 4}, "x", "w"),
                matMul("one matrix for all heads", new long[] {3, 7, 5}, new long[] {1, 5, 4}, "x", "w"),
                einsum("sum of products", "bij,jkl->bikl", new long[] {7, 5}, new long[] {5, 2, 3}),
                einsum("sum of products, outputs first", "bij,kj->kbi", new long[] {7, 5}, new long[] {3, 5}));
    }

    private static Attribute ints(long... values) {
        return new Attribute.Ints(Arrays.stream(values).boxed().toList());
    }

    private static LinearCase conv(String name, long[] input, long[] weight, Map<String, Attribute> attributes) {
        return conv(name, input, weight, attributes, true);
    }

    private static LinearCase conv(
            String name, long[] input, long[] weight, Map<String, Attribute> attributes, boolean bias) {
        return windowed("Conv", name, input, weight, attributes, bias ? weight[0] : 0);
    }

    private static LinearCase transposed(
            String name, long[] input, long[] weight, Map<String, Attribute> attributes, long outputs) {
        return windowed("ConvTranspose", name, input, weight, attributes, outputs);
    }

    private static LinearCase windowed(
            String operator, String name, long[] input, long[] weight, Map<String, Attribute> attributes, long biases) {
        Map<String, long[]> constants = new LinkedHashMap<>(Map.of("w", weight));
        List<String> operands = new ArrayList<>(List.of("x", "w"));
        if (biases > 0) {
            constants.put("b", new long[] {biases});
            operands.add("b");
        }
        return new LinearCase(name, new Node("", operator, operands, List.of("y"), attributes), input, constants);
    }

    private static LinearCase gemm(String name, long[] input, long[] weight, Map<String, Attribute> attributes) {
        Map<String, long[]> constants = new LinkedHashMap<>(Map.of("w", weight, "b", new long[] {4}));
        return new LinearCase(
                name, new Node("", "Gemm", List.of("x", "w", "b"), List.of("y"), attributes), input, constants);
    }

    static LinearCase matMul(String name, long[] input, long[] weight, String left, String right) {
        Node node = new Node("", "MatMul", List.of(left, right), List.of("y"), Map.of());
        return new LinearCase(name, node, input, Map.of("w", weight));
    }

    private static LinearCase einsum(String name, String equation, long[] input, long[] weight) {
        Node node = new Node(
                "", "Einsum", List.of("x", "w"), List.of("y"), Map.of("equation", new Attribute.Text(equation)));
        return new LinearCase(name, node, input, Map.of("w", weight));
    }

    /** The graph of the node, with random constants. */
    Graph graph(long seed) {
        List<Dimension> extents = new ArrayList<>(List.of(new Dimension.Symbol("batch")));
        Arrays.stream(input).forEach(extent -> extents.add(new Dimension.Fixed(extent)));
        ValueType type = new ValueType(DataType.FLOAT32, Optional.of(extents));
        return new Graph("case", Map.of("x", type), List.of("y"), List.of(node), constants(seed), Map.of());
    }

    /** Random constants. */
    Map<String, Tensor> constants(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Map<String, Tensor> constants = new LinkedHashMap<>();
        shapes.forEach((name, shape) -> constants.put(name, random(random, shape)));
        return constants;
    }
}
