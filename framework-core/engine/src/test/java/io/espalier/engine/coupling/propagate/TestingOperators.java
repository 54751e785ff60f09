package io.espalier.engine.coupling.propagate;

import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.model.GraphBuilder;
import io.espalier.testkit.model.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/** A minimal graph for every operator the engine knows: something to prune, the operator, something that consumes it. */
final class TestingOperators {

    static final int FLOAT = 1;
    static final int UINT8 = 2;
    static final int INT32 = 6;
    static final int BOOL = 9;

    private static final String CONTRIB = "com.microsoft.";
    private static final int CHANNELS = 6;

    /**
     * One graph.
     *
     * @param operator the operator it is about
     * @param name what distinguishes it from other graphs of the operator
     * @param barrier whether the operator lets nothing go
     */
    record Case(String operator, String name, Graph graph, boolean barrier) {

        @Override
        public String toString() {
            return operator + (name.isEmpty() ? "" : ", " + name);
        }
    }

    private final List<Case> cases = new ArrayList<>();

    static List<Case> all() {
        TestingOperators operators = new TestingOperators();
        operators.unary();
        operators.binary();
        operators.logic();
        operators.quantisation();
        new TestingLayers(operators).add();
        new TestingReductions(operators).add();
        new TestingMoves(operators).add();
        new TestingAttention(operators).add();
        new TestingSelections(operators).add();
        new TestingFlow(operators).add();
        return operators.cases;
    }

    // ---- templates

    void add(String operator, String name, boolean barrier, Function<GraphBuilder, String> body) {
        GraphBuilder graph = new GraphBuilder(operator, 7);
        Graph built = graph.output(body.apply(graph)).build();
        cases.add(new Case(operator, name, built, barrier));
    }

    /** Six channels of an image, the operator, a convolution. */
    void image(String operator, String name, BiFunction<GraphBuilder, String, String> body) {
        add(operator, name, false, graph -> image(graph, body));
    }

    /** As {@link #image(String, String, BiFunction)}, where nothing can go. */
    void blockedImage(String operator, String name, BiFunction<GraphBuilder, String, String> body) {
        add(operator, name, true, graph -> image(graph, body));
    }

    private static String image(GraphBuilder graph, BiFunction<GraphBuilder, String, String> body) {
        String result = body.apply(graph, conv(graph, "conv1"));
        return graph.conv("conv2", result, 3, Window.same(1));
    }

    static String conv(GraphBuilder graph, String name) {
        if (graph.shapes().get("image") == null) {
            graph.input("image", "batch", 2, 6, 6);
        }
        return graph.conv(name, "image", CHANNELS, Window.same(3));
    }

    /** Eight channels of five tokens, the operator, a linear layer. */
    void tokens(String operator, String name, BiFunction<GraphBuilder, String, String> body) {
        add(operator, name, false, graph -> {
            String x = graph.linear("embed", graph.input("x", "batch", 5, 7), 8);
            return graph.linear("proj", body.apply(graph, x), 3);
        });
    }

    /** The operator on one operand, whose result has the same shape. */
    static String like(GraphBuilder graph, String x, String operator, Object... attributes) {
        return like(graph, x, operator, List.of(x), attributes);
    }

    static String like(GraphBuilder graph, String x, String operator, List<String> operands, Object... attributes) {
        return graph.follow(
                graph.node(operator, operands, attributes), graph.shape(x).toArray());
    }

    static String cast(GraphBuilder graph, String x, int type) {
        return like(graph, x, "Cast", "to", type);
    }

    static Tensor floats(DataType type, double... values) {
        return Tensors.fromDoubles(type, List.of((long) values.length), values);
    }

    // ---- element by element

    private void unary() {
        for (String operator : List.of(
                "Abs",
                "Asinh",
                "Atan",
                "Ceil",
                "Celu",
                "Cos",
                "Cosh",
                "Elu",
                "Erf",
                "Exp",
                "Floor",
                "Gelu",
                "HardSigmoid",
                "HardSwish",
                "Identity",
                "LeakyRelu",
                "Mish",
                "Neg",
                "Relu",
                "Round",
                "Selu",
                "Shrink",
                "Sigmoid",
                "Sign",
                "Sin",
                "Sinh",
                "Softplus",
                "Softsign",
                "Swish",
                "Tanh",
                CONTRIB + "Gelu",
                CONTRIB + "QuickGelu")) {
            image(operator, "", (graph, x) -> like(graph, x, operator));
        }
        image("ThresholdedRelu", "", (graph, x) -> like(graph, x, "ThresholdedRelu", "alpha", 0.1));
        for (String operator : List.of("Acos", "Asin", "Atanh", "Tan")) {
            image(
                    operator,
                    "",
                    (graph, x) ->
                            like(graph, x, operator, List.of(graph.mul(graph.unary("Tanh", x), graph.scalar(0.9)))));
        }
        for (String operator : List.of("Log", "Sqrt", "Reciprocal")) {
            image(
                    operator,
                    "",
                    (graph, x) ->
                            like(graph, x, operator, List.of(graph.add(graph.unary("Sigmoid", x), graph.scalar(0.1)))));
        }
        image(
                "Acosh",
                "",
                (graph, x) ->
                        like(graph, x, "Acosh", List.of(graph.add(graph.unary("Sigmoid", x), graph.scalar(1.1)))));
        image("Clip", "", (graph, x) -> graph.relu6(x));
        image("Dropout", "", (graph, x) -> like(graph, x, "Dropout"));
        image("Cast", "", (graph, x) -> cast(graph, cast(graph, x, INT32), FLOAT));
        image("CastLike", "", (graph, x) -> like(graph, x, "CastLike", List.of(x, graph.scalar(1))));
        image(
                "CastLike",
                "the type of another value",
                (graph, x) -> graph.add(graph.relu(x), like(graph, x, "CastLike", List.of(x, graph.relu(x)))));
        image(
                "Not",
                "",
                (graph, x) -> cast(graph, like(graph, x, "Not", List.of(cast(graph, graph.relu(x), BOOL))), FLOAT));
        image("IsNaN", "", (graph, x) -> cast(graph, like(graph, x, "IsNaN", List.of(graph.unary("Log", x))), FLOAT));
        image(
                "IsInf",
                "",
                (graph, x) ->
                        cast(graph, like(graph, x, "IsInf", List.of(graph.unary("Reciprocal", graph.relu(x)))), FLOAT));
        image(
                "BitwiseNot",
                "",
                (graph, x) -> cast(graph, like(graph, x, "BitwiseNot", List.of(integers(graph, x))), FLOAT));
    }

    private static String integers(GraphBuilder graph, String x) {
        return cast(graph, graph.mul(x, graph.scalar(4)), INT32);
    }

    private static String counts(GraphBuilder graph, String x) {
        return cast(graph, graph.mul(graph.unary("Sigmoid", x), graph.scalar(9)), UINT8);
    }

    private void binary() {
        for (String operator : List.of("Add", "Div", "Max", "Mean", "Min", "Mul", "Sub", "Sum")) {
            image(operator, "two channels", (graph, x) -> graph.binary(operator, x, conv(graph, "other")));
            image(
                    operator,
                    "constant",
                    (graph, x) -> graph.binary(operator, x, graph.uniform("constant", 0.5, 1.5, CHANNELS, 1, 1)));
        }
        image(
                "Pow",
                "",
                (graph, x) -> graph.binary(
                        "Pow", graph.unary("Sigmoid", x), graph.uniform("constant", 0.5, 1.5, CHANNELS, 1, 1)));
        image("PRelu", "", (graph, x) -> graph.binary("PRelu", x, graph.normal("slope", 0.5, CHANNELS, 1, 1)));
        image(
                "Mod",
                "",
                (graph, x) -> graph.follow(
                        graph.node("Mod", List.of(x, graph.uniform("constant", 0.5, 1.5, CHANNELS, 1, 1)), "fmod", 1),
                        graph.shape(x).toArray()));
        image(
                "Where",
                "",
                (graph, x) -> graph.follow(
                        graph.node("Where", List.of(cast(graph, graph.relu(x), BOOL), x, conv(graph, "other"))),
                        graph.shape(x).toArray()));
        for (String operator : List.of(CONTRIB + "BiasGelu", CONTRIB + "FastGelu")) {
            tokens(operator, "", (graph, x) -> like(graph, x, operator, List.of(x, graph.normal("constant", 1, 8))));
        }
        image(CONTRIB + "FastGelu", "without a bias", (graph, x) -> like(graph, x, CONTRIB + "FastGelu"));
    }

    private void logic() {
        for (String operator : List.of("Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual")) {
            image(
                    operator,
                    "",
                    (graph, x) -> cast(
                            graph,
                            graph.binary(operator, counts(graph, x), counts(graph, conv(graph, "other"))),
                            FLOAT));
        }
        for (String operator : List.of("And", "Or", "Xor")) {
            image(
                    operator,
                    "",
                    (graph, x) -> cast(
                            graph,
                            graph.binary(
                                    operator,
                                    cast(graph, graph.relu(x), BOOL),
                                    cast(graph, graph.relu(conv(graph, "other")), BOOL)),
                            FLOAT));
        }
        for (String operator : List.of("BitwiseAnd", "BitwiseOr", "BitwiseXor")) {
            image(
                    operator,
                    "",
                    (graph, x) -> cast(
                            graph,
                            graph.binary(operator, integers(graph, x), integers(graph, conv(graph, "other"))),
                            FLOAT));
        }
        image(
                "BitShift",
                "",
                (graph, x) -> cast(
                        graph,
                        graph.follow(
                                graph.node(
                                        "BitShift",
                                        List.of(counts(graph, x), counts(graph, conv(graph, "other"))),
                                        "direction",
                                        "RIGHT"),
                                graph.shape(x).toArray()),
                        FLOAT));
    }

    private void quantisation() {
        image("QuantizeLinear", "", (graph, x) -> dequantised(graph, x, quantised(graph, x)));
        image("DequantizeLinear", "", (graph, x) -> dequantised(graph, x, quantised(graph, x)));
        image("DequantizeLinear", "a scale in a vector, its zero point without axes", (graph, x) -> {
            String scale = graph.constant(floats(DataType.FLOAT32, 0.1));
            String zero = graph.constant(Tensors.fromDoubles(DataType.UINT8, List.of(), 100));
            String quantised = like(graph, x, "QuantizeLinear", List.of(x, scale, zero));
            return like(graph, x, "DequantizeLinear", List.of(quantised, scale, zero));
        });
        image("DequantizeLinear", "one scale", (graph, x) -> {
            String scale = graph.scalar(0.1);
            String zero = graph.constant(Tensors.fromDoubles(DataType.UINT8, List.of(), 100));
            String quantised = like(graph, x, "QuantizeLinear", List.of(x, scale, zero));
            return like(graph, x, "DequantizeLinear", List.of(quantised, scale, zero));
        });
    }

    private static String quantised(GraphBuilder graph, String x) {
        return like(graph, x, "QuantizeLinear", List.of(x, scales(graph), zeros(graph)), "axis", 1);
    }

    private static String dequantised(GraphBuilder graph, String x, String quantised) {
        return like(graph, x, "DequantizeLinear", List.of(quantised, scales(graph), zeros(graph)), "axis", 1);
    }

    private static String scales(GraphBuilder graph) {
        return graph.constant(floats(DataType.FLOAT32, 0.05, 0.1, 0.15, 0.2, 0.12, 0.08));
    }

    private static String zeros(GraphBuilder graph) {
        return graph.constant(floats(DataType.UINT8, 100, 110, 120, 130, 90, 80));
    }
}
