package io.espalier.graph.shape;

import io.espalier.graph.operator.Operators;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes small graphs down: operators by name, extents as numbers, names or {@code ?}. */
final class TestingGraph {

    private final Map<String, ValueType> inputs = new LinkedHashMap<>();
    private final Map<String, Tensor> constants = new LinkedHashMap<>();
    private final Map<String, ValueType> declared = new LinkedHashMap<>();
    private final List<Node> nodes = new ArrayList<>();
    private final List<String> outputs = new ArrayList<>();

    /** A float input, such as {@code input("x", "batch 3 ?")}; {@code null} for an undeclared rank. */
    TestingGraph input(String name, String shape) {
        return input(name, DataType.FLOAT32, shape);
    }

    TestingGraph input(String name, DataType type, String shape) {
        inputs.put(name, type(type, shape));
        return this;
    }

    TestingGraph declare(String name, DataType type, String shape) {
        declared.put(name, type(type, shape));
        return this;
    }

    TestingGraph constant(String name, Tensor value) {
        constants.put(name, value);
        return this;
    }

    TestingGraph vector(String name, long... values) {
        return constant(name, Tensors.vector(values));
    }

    TestingGraph scalar(String name, long value) {
        return constant(name, Tensors.longs(List.of(), value));
    }

    /** A weight of zeros. */
    TestingGraph weight(String name, long... shape) {
        int size = (int) Arrays.stream(shape).reduce(1, Math::multiplyExact);
        return constant(name, Tensors.floats(Tensors.shape(shape), new float[size]));
    }

    /** A node such as {@code node("Gemm", "x w -> y", "transB", 1)}; {@code _} stands for an absent operand. */
    TestingGraph node(String operator, String operands, Object... attributes) {
        String[] sides = operands.split("->");
        Map<String, Attribute> named = new LinkedHashMap<>();
        for (int i = 0; i < attributes.length; i += 2) {
            named.put((String) attributes[i], attribute(attributes[i + 1]));
        }
        int dot = operator.lastIndexOf('.');
        nodes.add(new Node(
                dot < 0 ? "" : operator.substring(0, dot),
                operator.substring(dot + 1),
                names(sides[0]),
                names(sides[1]),
                named));
        return this;
    }

    TestingGraph returns(String... names) {
        outputs.addAll(List.of(names));
        return this;
    }

    Graph build() {
        return new Graph("test", inputs, outputs, nodes, constants, declared);
    }

    Shapes infer() {
        return Operators.standard().infer(build());
    }

    private static List<String> names(String side) {
        return Arrays.stream(side.trim().split(" +"))
                .filter(name -> !name.isEmpty())
                .map(name -> name.equals("_") ? "" : name)
                .toList();
    }

    private static ValueType type(DataType type, String shape) {
        return new ValueType(
                type,
                Optional.ofNullable(shape)
                        .map(text -> names(text).stream()
                                .map(TestingGraph::dimension)
                                .toList()));
    }

    private static Dimension dimension(String text) {
        if (text.equals("?")) {
            return new Dimension.Unknown();
        }
        return Character.isDigit(text.charAt(0))
                ? new Dimension.Fixed(Long.parseLong(text))
                : new Dimension.Symbol(text);
    }

    private static Attribute attribute(Object value) {
        if (value instanceof Number number) {
            return value instanceof Double
                    ? new Attribute.Real(number.doubleValue())
                    : new Attribute.Int(number.longValue());
        }
        if (value instanceof long[] numbers) {
            return new Attribute.Ints(Arrays.stream(numbers).boxed().toList());
        }
        if (value instanceof double[] numbers) {
            return new Attribute.Reals(Arrays.stream(numbers).boxed().toList());
        }
        if (value instanceof String[] texts) {
            return new Attribute.Texts(List.of(texts));
        }
        if (value instanceof Tensor tensor) {
            return new Attribute.Constant(tensor);
        }
        if (value instanceof TestingGraph body) {
            return new Attribute.Body(body.build());
        }
        return new Attribute.Text((String) value);
    }
}
