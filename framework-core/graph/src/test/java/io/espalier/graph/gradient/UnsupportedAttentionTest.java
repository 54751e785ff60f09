package io.espalier.graph.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.adapter.onnx.OnnxExecutor;
import io.espalier.graph.operator.Operators;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Runner;
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
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Fused attention that onnxruntime does not run on processors, against the same written with operators that it runs. */
class UnsupportedAttentionTest {

    private static final String CONTRIB = "com.microsoft";
    private static final int HEADS = 2;
    private static final int WIDTH = 4;
    private static final int STEPS = 5;

    private final Random random = new Random(7);

    private static Map<String, Attribute> heads() {
        return Map.of("num_heads", new Attribute.Int(HEADS));
    }

    private static ValueType real(long... shape) {
        List<Dimension> extents = new ArrayList<>();
        for (long extent : shape) {
            extents.add(new Dimension.Fixed(extent));
        }
        return new ValueType(DataType.FLOAT32, Optional.of(extents));
    }

    private Tensor drawn(long... shape) {
        List<Long> extents = Tensors.shape(shape);
        double[] values = random.doubles(extents.stream().reduce(1L, (a, b) -> a * b), -1, 1)
                .toArray();
        return Tensors.fromDoubles(DataType.FLOAT32, extents, values);
    }

    private static double[] result(Graph graph, Map<String, Tensor> inputs) {
        try (Runner runner = new OnnxExecutor().prepare(graph, Settings.DEFAULT)) {
            return Tensors.toDoubles(runner.run(inputs).get("y"));
        }
    }

    /** The differentiable form computes what the other graph computes, and its gradients are those of differences. */
    private static void check(Graph fused, Graph plain, Map<String, Tensor> inputs) {
        Graph form = Differentiable.of(fused, Operators.standard());
        assertThat(result(form, inputs)).usingComparatorWithPrecision(1e-4).containsExactly(result(plain, inputs));
        DifferenceCheck.check(form, inputs, 7);
    }

    @Test
    void queriesAndKeysThatTurn() {
        int width = 8;
        int columns = HEADS * width;
        int past = 3;
        Map<String, Tensor> constants = new LinkedHashMap<>();
        constants.put("weight", drawn(6, 3 * columns));
        Map<String, Attribute> turning = new LinkedHashMap<>(heads());
        turning.put("do_rotary", new Attribute.Int(1));
        turning.put("unidirectional", new Attribute.Int(1));
        Map<String, ValueType> types = new LinkedHashMap<>();
        types.put("x", real(2, STEPS, 6));
        types.put("past", real(2, 2, HEADS, past, width));
        Graph fused = new Graph(
                "fused",
                types,
                List.of("y"),
                List.of(new Node(
                        CONTRIB,
                        "Attention",
                        List.of("x", "weight", "", "", "past"),
                        List.of("y", "present"),
                        turning)),
                constants,
                Map.of());

        Map<String, Tensor> more = new LinkedHashMap<>(constants);
        double[] cosines = new double[(past + STEPS) * width / 2];
        double[] sines = cosines.clone();
        for (int i = 0; i < cosines.length; i++) {
            double angle = i / (width / 2) * Math.pow(10_000, -2.0 * (i % (width / 2)) / width);
            cosines[i] = Math.cos(angle);
            sines[i] = Math.sin(angle);
        }
        List<Long> tables = List.of((long) past + STEPS, width / 2L);
        more.put("cosines", Tensors.fromDoubles(DataType.FLOAT32, tables, cosines));
        more.put("sines", Tensors.fromDoubles(DataType.FLOAT32, tables, sines));
        more.put("ids", Tensors.longs(List.of(2L, (long) STEPS), 3, 4, 5, 6, 7, 3, 4, 5, 6, 7));
        more.put("zero", Tensors.longs(List.of(), 0));
        more.put("one", Tensors.longs(List.of(), 1));
        Map<String, Attribute> causal = new LinkedHashMap<>(heads());
        causal.put("unidirectional", new Attribute.Int(1));
        Map<String, Attribute> first = Map.of("axis", new Attribute.Int(0));
        Graph plain = new Graph(
                "plain",
                types,
                List.of("y"),
                List.of(
                        Node.of("MatMul", List.of("x", "weight"), List.of("product"), Map.of()),
                        Node.of(
                                "Split",
                                List.of("product"),
                                List.of("q", "k", "v"),
                                Map.of("axis", new Attribute.Int(2), "num_outputs", new Attribute.Int(3))),
                        turned("q"),
                        turned("k"),
                        Node.of("Gather", List.of("past", "zero"), List.of("keys"), first),
                        Node.of("Gather", List.of("past", "one"), List.of("values"), first),
                        new Node(
                                CONTRIB,
                                "MultiHeadAttention",
                                List.of("turned q", "turned k", "v", "", "", "", "keys", "values"),
                                List.of("y", "all keys", "all values"),
                                causal)),
                more,
                Map.of());
        check(fused, plain, Map.of("x", drawn(2, STEPS, 6), "past", drawn(2, 2, HEADS, past, width)));
    }

    private static Node turned(String value) {
        return new Node(
                CONTRIB,
                "RotaryEmbedding",
                List.of(value, "ids", "cosines", "sines"),
                List.of("turned " + value),
                heads());
    }

    @Test
    void biasesOfPackedOperands() {
        int columns = HEADS * WIDTH;
        Map<String, Tensor> constants = Map.of("bias", drawn(3 * columns), "flat", Tensors.vector(0, 0, -1));
        Node packed = new Node(CONTRIB, "MultiHeadAttention", List.of("p", "", "", "bias"), List.of("y"), heads());
        Node halfPacked = new Node(CONTRIB, "MultiHeadAttention", List.of("q", "p", "", "bias"), List.of("y"), heads());
        Node separate = new Node(
                CONTRIB, "MultiHeadAttention", List.of("first", "second", "third", "bias"), List.of("y"), heads());

        Map<String, ValueType> three = Map.of("p", real(2, STEPS, HEADS, 3, WIDTH));
        List<Node> nodes = new ArrayList<>(separated(List.of("first", "second", "third")));
        nodes.add(separate);
        check(
                new Graph("packed", three, List.of("y"), List.of(packed), constants, Map.of()),
                new Graph("plain", three, List.of("y"), nodes, constants, Map.of()),
                Map.of("p", drawn(2, STEPS, HEADS, 3, WIDTH)));

        Map<String, ValueType> two = new LinkedHashMap<>();
        two.put("q", real(2, 3, columns));
        two.put("p", real(2, STEPS, HEADS, 2, WIDTH));
        List<Node> others = new ArrayList<>(separated(List.of("second", "third")));
        others.add(separate.withInput(0, "q"));
        check(
                new Graph("packed", two, List.of("y"), List.of(halfPacked), constants, Map.of()),
                new Graph("plain", two, List.of("y"), others, constants, Map.of()),
                Map.of("q", drawn(2, 3, columns), "p", drawn(2, STEPS, HEADS, 2, WIDTH)));
    }

    private static List<Node> separated(List<String> names) {
        List<String> parts = names.stream().map(name -> name + " apart").toList();
        List<Node> nodes = new ArrayList<>();
        nodes.add(Node.of(
                "Split",
                List.of("p"),
                parts,
                Map.of("axis", new Attribute.Int(3), "num_outputs", new Attribute.Int(names.size()))));
        for (int i = 0; i < names.size(); i++) {
            nodes.add(Node.of("Reshape", List.of(parts.get(i), "flat"), List.of(names.get(i)), Map.of()));
        }
        return nodes;
    }
}
