package io.espalier.engine.coupling.propagate;

import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.model.GraphBuilder;
import java.util.ArrayList;
import java.util.List;

/** Graphs for fused attention: four heads of six, in {@code [batch, tokens, channels]}. */
final class TestingAttention {

    private static final String CONTRIB = "com.microsoft.";
    private static final int HEADS = 4;
    private static final int SIZE = 6;
    private static final int WIDTH = HEADS * SIZE;

    private final TestingOperators operators;

    TestingAttention(TestingOperators operators) {
        this.operators = operators;
    }

    void add() {
        operators.add("Attention", "", false, graph -> standard(graph, HEADS));
        operators.add("Attention", "shared keys", false, graph -> standard(graph, 2));
        operators.add(CONTRIB + "Attention", "", false, graph -> packed(graph, List.of(), "num_heads", HEADS));
        operators.add(
                CONTRIB + "Attention",
                "sizes, mask and bias of scores",
                false,
                graph -> packed(
                        graph,
                        List.of(
                                graph.constant(Tensors.fromDoubles(DataType.INT32, List.of(2L), 5, 4)),
                                "",
                                graph.normal("scores", 1, 1, HEADS, 5, 5)),
                        "num_heads",
                        HEADS,
                        "qkv_hidden_sizes",
                        new long[] {WIDTH, WIDTH, WIDTH}));
        operators.add(
                CONTRIB + "Attention",
                "values of another size",
                true,
                graph -> graph.linear(
                        "proj",
                        graph.follow(
                                graph.node(
                                        CONTRIB + "Attention",
                                        List.of(
                                                tokens(graph, 2),
                                                graph.normal("qkv", 0.3, 10, 2 * WIDTH + 8),
                                                graph.normal("bias", 0.3, 2 * WIDTH + 8)),
                                        "num_heads",
                                        HEADS,
                                        "qkv_hidden_sizes",
                                        new long[] {WIDTH, WIDTH, 8}),
                                2,
                                5,
                                8),
                        3));
        operators.add(CONTRIB + "MultiHeadAttention", "bias", false, graph -> {
            String x = tokens(graph, "batch");
            return joined(
                    graph,
                    x,
                    graph.node(
                            CONTRIB + "MultiHeadAttention",
                            List.of(
                                    graph.linear("q", x, WIDTH),
                                    graph.linear("k", x, WIDTH),
                                    graph.linear("v", x, WIDTH),
                                    graph.normal("bias", 0.3, 3 * WIDTH),
                                    "",
                                    graph.normal("scores", 1, 1, HEADS, 5, 5)),
                            "num_heads",
                            HEADS));
        });
        operators.add(CONTRIB + "MultiHeadAttention", "values of another size", false, graph -> {
            String x = tokens(graph, "batch");
            List<String> operands =
                    List.of(graph.linear("q", x, WIDTH), graph.linear("k", x, WIDTH), graph.linear("v", x, 4L * HEADS));
            String mixed = graph.node(CONTRIB + "MultiHeadAttention", operands, "num_heads", HEADS);
            return graph.linear("proj", graph.follow(mixed, "batch", 5, 4L * HEADS), 3);
        });
        operators.add(CONTRIB + "GroupQueryAttention", "", false, TestingAttention::grouped);
        operators.add("RotaryEmbedding", "", false, graph -> rotary(graph, false));
        operators.add(CONTRIB + "RotaryEmbedding", "", false, graph -> rotary(graph, true));
        operators.add(CONTRIB + "RotaryEmbedding", "size of a head from the table", false, graph -> {
            String x = graph.linear("embed", graph.input("x", 2, 5, 7), WIDTH);
            List<String> operands = List.of(
                    x,
                    graph.constant(Tensors.longs(List.of(1L), 0)),
                    graph.uniform("cos", 0.2, 1, 5, SIZE / 2),
                    graph.uniform("sin", 0.2, 1, 5, SIZE / 2));
            return joined(graph, x, graph.node(CONTRIB + "RotaryEmbedding", operands));
        });
    }

    private static String tokens(GraphBuilder graph, Object batch) {
        return graph.linear("embed", graph.input("x", batch, 5, 7), 10);
    }

    private static String joined(GraphBuilder graph, String x, String mixed) {
        return graph.linear("proj", graph.follow(mixed, graph.shape(x).get(0), 5, WIDTH), 3);
    }

    private static String standard(GraphBuilder graph, int keys) {
        String x = tokens(graph, "batch");
        List<String> operands = List.of(
                graph.linear("q", x, WIDTH),
                graph.linear("k", x, (long) keys * SIZE),
                graph.linear("v", x, (long) keys * SIZE));
        return joined(graph, x, graph.node("Attention", operands, "q_num_heads", HEADS, "kv_num_heads", keys));
    }

    private static String packed(GraphBuilder graph, List<String> more, Object... attributes) {
        String x = tokens(graph, 2);
        List<String> operands = new ArrayList<>(
                List.of(x, graph.normal("qkv", 0.3, 10, 3 * WIDTH), graph.normal("bias", 0.3, 3 * WIDTH)));
        operands.addAll(more);
        return joined(graph, x, graph.node(CONTRIB + "Attention", operands, attributes));
    }

    private static String grouped(GraphBuilder graph) {
        String x = tokens(graph, 2);
        List<String> operands = List.of(
                graph.linear("q", x, (long) HEADS * 8),
                graph.linear("k", x, 16),
                graph.linear("v", x, 16),
                "",
                "",
                graph.constant(Tensors.fromDoubles(DataType.INT32, List.of(2L), 4, 4)),
                graph.constant(Tensors.fromDoubles(DataType.INT32, List.of(1L), 5)));
        String mixed = graph.nodes(CONTRIB + "GroupQueryAttention", operands, 3, "num_heads", HEADS, "kv_num_heads", 2)
                .get(0);
        return graph.linear("proj", graph.follow(mixed, 2, 5, HEADS * 8), 3);
    }

    private static String rotary(GraphBuilder graph, boolean contrib) {
        String x = graph.linear("embed", graph.input("x", 2, 5, 7), WIDTH);
        String positions = graph.constant(Tensors.longs(List.of(2L, 5L), 0, 1, 2, 3, 4, 0, 1, 2, 3, 4));
        String cos = graph.uniform("cos", 0.2, 1, 5, SIZE / 2);
        String sin = graph.uniform("sin", 0.2, 1, 5, SIZE / 2);
        String operator = contrib ? CONTRIB + "RotaryEmbedding" : "RotaryEmbedding";
        List<String> operands = contrib ? List.of(x, positions, cos, sin) : List.of(x, cos, sin, positions);
        Object[] attributes = contrib
                ? new Object[] {"num_heads", HEADS, "rotary_embedding_dim", 0}
                : new Object[] {"num_heads", HEADS};
        return graph.linear("proj", graph.follow(graph.node(operator, operands, attributes), 2, 5, WIDTH), 3);
    }
}
