package io.espalier.engine.coupling.propagate;

import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.model.GraphBuilder;
import io.espalier.testkit.model.Window;
import java.util.ArrayList;
import java.util.List;

/** Graphs whose nodes have bodies: branches, loops and scans whose course depends on data. */
final class TestingFlow {

    private final TestingOperators operators;

    TestingFlow(TestingOperators operators) {
        this.operators = operators;
    }

    void add() {
        branches();
        loops();
        scans();
    }

    // ---- If

    private void branches() {
        operators.image("If", "weights of its own", (graph, x) -> {
            GraphBuilder yes = graph.body("yes");
            yes.output(yes.relu(yes.conv("yes", x, 6, Window.same(3))));
            GraphBuilder no = graph.body("no");
            no.output(no.conv("no", x, 6, Window.same(1)));
            return choose(graph, yes, no);
        });
        operators.image("If", "outer channels handed on", (graph, x) -> {
            GraphBuilder yes = graph.body("yes");
            yes.output(yes.relu(yes.conv("yes", x, 6, Window.same(3))));
            GraphBuilder no = graph.body("no");
            no.output(no.unary("Identity", x));
            return choose(graph, yes, no);
        });
        operators.image("If", "in an If", (graph, x) -> {
            GraphBuilder yes = graph.body("yes");
            GraphBuilder inner = yes.body("inner");
            inner.output(inner.conv("inner", x, 6, Window.same(3)));
            GraphBuilder other = yes.body("other");
            other.output(other.mul(x, other.uniform("gain", 0.5, 1.5, 6, 1, 1)));
            yes.output(yes.relu(choose(yes, "again", inner, other)));
            GraphBuilder no = graph.body("no");
            no.output(no.unary("Identity", x));
            return choose(graph, yes, no);
        });
        operators.image("If", "a constant of one branch", (graph, x) -> {
            GraphBuilder yes = graph.body("yes");
            yes.output(yes.uniform("fixed", 0.5, 1.5, 1, 6, 1, 1));
            GraphBuilder no = graph.body("no");
            no.output(no.follow(no.node("ReduceMean", List.of(x, no.longs(0, 2, 3)), "keepdims", 1), 1, 6, 1, 1));
            return graph.mul(x, graph.follow(choose(graph, yes, no), 1, 6, 1, 1));
        });
        operators.image("If", "a known condition", (graph, x) -> {
            String six = graph.node("Gather", List.of(graph.node("Shape", List.of(x)), graph.longs(1)));
            String condition = graph.node("Equal", List.of(six, graph.longs(6)));
            GraphBuilder yes = graph.body("yes");
            yes.output(yes.relu(yes.conv("yes", x, 6, Window.same(3))));
            GraphBuilder no = graph.body("no");
            no.output(no.node("GlobalAveragePool", List.of(x)));
            String result = graph.node("If", List.of(condition), "then_branch", yes.build(), "else_branch", no.build());
            return graph.follow(result, "batch", 6, 6, 6);
        });
        operators.blockedImage("If", "ranks differ", (graph, x) -> {
            GraphBuilder yes = graph.body("yes");
            yes.output(yes.flatten(x, 1));
            GraphBuilder no = graph.body("no");
            no.output(no.unary("Identity", x));
            String same = choose(graph, yes, no);
            return graph.reshape(same, 0, 6, 6, 6);
        });
    }

    private static String choose(GraphBuilder graph, GraphBuilder yes, GraphBuilder no) {
        return choose(graph, "condition", yes, no);
    }

    private static String choose(GraphBuilder graph, String condition, GraphBuilder yes, GraphBuilder no) {
        String flag = graph.node("Greater", List.of(energy(graph), graph.scalar(condition.equals("again") ? 1.05 : 1)));
        String result = graph.node("If", List.of(flag), "then_branch", yes.build(), "else_branch", no.build());
        return graph.follow(result, "batch", 6, 6, 6);
    }

    /** Around 1: more for some images, less for others. */
    private static String energy(GraphBuilder graph) {
        return graph.node("ReduceMean", List.of(graph.node("Mul", List.of("image", "image"))), "keepdims", 0);
    }

    // ---- Loop

    private void loops() {
        operators.image("Loop", "a state", (graph, x) -> {
            Body body = new Body(graph, 0);
            String state = body.graph.input("state", "batch", 6, 6, 6);
            String next = body.graph.add(state, body.graph.relu(body.graph.conv("turn", state, 6, Window.same(3))));
            return graph.follow(loop(graph, body, List.of(x), List.of(next), 1).get(0), "batch", 6, 6, 6);
        });
        operators.image("Loop", "outer channels, and what turns return", (graph, x) -> {
            Body body = new Body(graph, 0);
            String state = body.graph.input("state", "batch", 6, 6, 6);
            String hidden = body.graph.relu(body.graph.conv("wide", body.graph.mul(state, x), 10, Window.same(1)));
            String next = body.graph.conv("narrow", hidden, 6, Window.same(3));
            List<String> results = loop(graph, body, List.of(x), List.of(next, hidden), 2);
            String all = graph.follow(results.get(1), 3, "batch", 10, 6, 6);
            String summed = graph.node("ReduceSum", List.of(all, graph.longs(0)), "keepdims", 0);
            String flat = graph.conv("after", graph.follow(summed, "batch", 10, 6, 6), 6, Window.same(1));
            return graph.add(flat, graph.follow(results.get(0), "batch", 6, 6, 6));
        });
        operators.image("Loop", "a state that starts as a constant", (graph, x) -> {
            String start = graph.uniform("start", 0.5, 1.5, 1, 6, 1, 1);
            Body body = new Body(graph, 0);
            String one = body.graph.input("one", 1, 6, 1, 1);
            String two = body.graph.input("two", 1, 6, 1, 1);
            String mean = body.graph.follow(
                    body.graph.node("ReduceMean", List.of(x, body.graph.longs(0, 2, 3)), "keepdims", 1), 1, 6, 1, 1);
            String next = body.graph.add(one, mean);
            List<String> results = loop(graph, body, List.of(start, start), List.of(next, body.graph.relu(two)), 2);
            results.forEach(result -> graph.follow(result, 1, 6, 1, 1));
            return graph.mul(graph.mul(x, results.get(0)), results.get(1));
        });
        operators.blockedImage("Loop", "a state of growing extent", (graph, x) -> {
            Body body = new Body(graph, 0);
            String state = body.graph.input("state", "batch", GraphBuilder.unknown(), 6, 6);
            String next = body.graph.node("Concat", List.of(state, x), "axis", 1);
            return graph.slice(
                    graph.follow(loop(graph, body, List.of(x), List.of(next), 1).get(0), "batch", 24, 6, 6),
                    1,
                    0,
                    6,
                    1);
        });
    }

    /** A body that goes on while the condition it was given holds. */
    private static final class Body {

        private final GraphBuilder graph;

        Body(GraphBuilder around, int number) {
            graph = around.body("turn" + number);
            graph.input("number", DataType.INT64);
            graph.input("more", DataType.BOOL);
        }
    }

    private static List<String> loop(
            GraphBuilder graph, Body body, List<String> first, List<String> returned, int results) {
        String more = body.graph.node("Identity", List.of("more"));
        Graph built = body.graph
                .output(DataType.BOOL, more)
                .output(returned.toArray(String[]::new))
                .build();
        List<String> read = new ArrayList<>(List.of(three(graph), ""));
        read.addAll(first);
        return graph.nodes("Loop", read, results, "body", built);
    }

    private static String three(GraphBuilder graph) {
        Tensor three = Tensors.longs(List.of(), 3);
        return graph.constant(three);
    }

    // ---- Scan

    private void scans() {
        operators.tokens("Scan", "a cell", (graph, x) -> {
            String mean = graph.node("ReduceMean", List.of("x", graph.longs(1)), "keepdims", 0);
            return scan(graph, x, graph.linear("first", graph.follow(mean, "batch", 7), 8));
        });
    }

    private static String scan(GraphBuilder graph, String x, String start) {
        GraphBuilder body = graph.body("turn");
        String state = body.input("state", "batch", 8);
        String slice = body.input("slice", "batch", 8);
        String sum = body.add(body.linear("from", slice, 8), body.linear("to", state, 8));
        String next = body.unary("Tanh", sum);
        String shown = body.mul(next, slice);
        Graph built = body.output(next, shown).build();
        List<String> results = graph.nodes(
                "Scan",
                List.of(start, x),
                2,
                "body",
                built,
                "num_scan_inputs",
                1,
                "scan_input_axes",
                new long[] {1},
                "scan_output_axes",
                new long[] {1});
        return graph.follow(results.get(1), "batch", 5, 8);
    }
}
