package io.espalier.graph.shape;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.espalier.graph.operator.OperatorDefinition;
import io.espalier.graph.operator.Operators;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Operands that make no sense are reported, never thrown. */
class BrokenOperandsTest {

    private static final int GRAPHS_PER_OPERATOR = 300;

    private static final List<String> INTEGERS = List.of(
            "axis",
            "group",
            "ceil_mode",
            "keepdims",
            "noop_with_empty_axes",
            "allowzero",
            "blocksize",
            "num_heads",
            "kv_num_heads",
            "q_num_heads",
            "batch_dims",
            "transA",
            "transB",
            "num_scan_inputs",
            "hidden_size",
            "layout",
            "onesided",
            "inverse",
            "to",
            "start",
            "end",
            "K",
            "N",
            "channels_last",
            "fmod",
            "sample_size");

    private static final List<String> LISTS = List.of(
            "strides",
            "pads",
            "dilations",
            "kernel_shape",
            "perm",
            "axes",
            "output_padding",
            "output_shape",
            "split",
            "scan_input_axes",
            "qkv_hidden_sizes",
            "pooled_shape",
            "shape",
            "value_ints");

    private static final List<String> EQUATIONS = List.of("ij,jk->ik", "...i,ij", "ii->i", "b...,->b", "x->y->z", "");

    @TestFactory
    Stream<DynamicTest> everyOperatorSurvivesNonsense() {
        return Operators.standard().all().stream()
                .filter(definition -> definition.shapeRule().isPresent())
                .map(OperatorDefinition::qualifiedName)
                .map(operator -> DynamicTest.dynamicTest(operator, () -> {
                    for (long seed = 0; seed < GRAPHS_PER_OPERATOR; seed++) {
                        TestingGraph graph = nonsense(operator, new Random(seed * 31 + operator.hashCode()));
                        assertThatCode(graph::infer)
                                .as("seed %d: %s", seed, graph.build().nodes())
                                .doesNotThrowAnyException();
                    }
                }));
    }

    private static TestingGraph nonsense(String operator, Random random) {
        TestingGraph graph = new TestingGraph();
        StringBuilder operands = new StringBuilder();
        int count = random.nextInt(7);
        for (int slot = 0; slot < count; slot++) {
            operands.append(operand(graph, slot, random)).append(' ');
        }
        operands.append("->");
        for (int slot = random.nextInt(4); slot >= 0; slot--) {
            operands.append(" y").append(slot);
        }
        return graph.node(operator, operands.toString(), attributes(random));
    }

    private static String operand(TestingGraph graph, int slot, Random random) {
        String name = "x" + slot;
        switch (random.nextInt(8)) {
            case 0 -> {
                return "_";
            }
            case 1 -> graph.input(name, (String) null);
            case 2 -> graph.scalar(name, random.nextInt(9) - 3);
            case 3, 4 -> graph.vector(name, numbers(random, -3, 9));
            case 5 -> graph.constant(name, Tensors.floats(List.of(2L), random.nextFloat() - 0.5f, 2));
            default -> {
                StringBuilder shape = new StringBuilder();
                for (int axis = random.nextInt(6); axis > 0; axis--) {
                    shape.append(random.nextInt(3) == 0 ? "n" : Integer.toString(random.nextInt(5)))
                            .append(' ');
                }
                graph.input(name, random.nextBoolean() ? DataType.FLOAT32 : DataType.INT64, shape.toString());
            }
        }
        return name;
    }

    private static Object[] attributes(Random random) {
        List<Object> attributes = new ArrayList<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            attributes.add(INTEGERS.get(random.nextInt(INTEGERS.size())));
            attributes.add(random.nextInt(8) - 3);
        }
        for (int i = random.nextInt(6); i > 0; i--) {
            attributes.add(LISTS.get(random.nextInt(LISTS.size())));
            attributes.add(numbers(random, random.nextBoolean() ? 0 : -3, 6));
        }
        attributes.addAll(List.of("equation", EQUATIONS.get(random.nextInt(EQUATIONS.size()))));
        if (random.nextBoolean()) {
            attributes.addAll(List.of("auto_pad", random.nextBoolean() ? "SAME_UPPER" : "VALID"));
        }
        if (random.nextBoolean()) {
            for (String body : List.of("then_branch", "else_branch", "body")) {
                attributes.addAll(List.of(body, body(body, random)));
            }
        }
        attributes.addAll(List.of("value", Tensors.vector(numbers(random, 0, 3))));
        return attributes.toArray();
    }

    private static TestingGraph body(String prefix, Random random) {
        TestingGraph body = new TestingGraph();
        for (int i = random.nextInt(4); i > 0; i--) {
            String name = prefix + i;
            body.input(name, random.nextBoolean() ? null : "n 2");
            body.node(random.nextBoolean() ? "Relu" : "NonZero", name + " -> " + name + "out");
            body.returns(name + "out");
        }
        return body;
    }

    private static long[] numbers(Random random, int low, int high) {
        long[] numbers = new long[random.nextInt(6)];
        Arrays.setAll(numbers, i -> low + random.nextInt(high - low));
        return numbers;
    }
}
