package io.espalier.testkit.model;

import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/** Collects inputs, constants and nodes of a graph, and the shapes of its values as far as they can be followed. */
abstract class GraphRecorder {

    private final String name;
    private final Map<String, ValueType> inputs = new LinkedHashMap<>();
    private final Map<String, ValueType> declared = new LinkedHashMap<>();
    private final Map<String, Tensor> constants = new LinkedHashMap<>();
    private final List<Node> recorded = new ArrayList<>();
    private final List<String> outputs = new ArrayList<>();
    /** Shared with the bodies inside, which may read everything around them. */
    private final Scope scope;

    private record Scope(SplittableRandom random, Map<String, List<Dimension>> shapes, Map<String, Integer> counters) {}

    GraphRecorder(String name, long seed) {
        this.name = name;
        this.scope = new Scope(new SplittableRandom(seed), new LinkedHashMap<>(), new LinkedHashMap<>());
    }

    GraphRecorder(String name, GraphRecorder around) {
        this.name = name;
        this.scope = around.scope;
    }

    /** A float32 input; extents are numbers, or names of symbols. */
    public String input(String value, Object... extents) {
        return input(value, DataType.FLOAT32, extents);
    }

    /** An input of any type; extents are numbers, or names of symbols. */
    public String input(String value, DataType type, Object... extents) {
        List<Dimension> shape = Shapes.of(extents);
        inputs.put(value, new ValueType(type, Optional.of(shape)));
        return follow(value, shape);
    }

    /** A constant under a name of its own. */
    public String constant(String value, Tensor tensor) {
        if (constants.putIfAbsent(value, tensor) != null) {
            throw new IllegalArgumentException("there is a constant " + value + " already");
        }
        return follow(value, Shapes.of(tensor.shape()));
    }

    /** A constant under a fresh name. */
    public String constant(Tensor tensor) {
        return constant(fresh("constant"), tensor);
    }

    /** An int64 vector, as shape operands are. */
    public String longs(long... values) {
        return constant(Tensors.vector(values));
    }

    /** A float32 scalar. */
    public String scalar(double value) {
        return constant(Tensors.floats(List.of(), (float) value));
    }

    /** A constant of independent, nearly normal elements around zero. */
    public String normal(String value, double deviation, long... shape) {
        return seeded(value, SeededTensor.Distribution.NORMAL, 0, deviation, shape);
    }

    /** A constant of independent elements, uniform between two bounds. */
    public String uniform(String value, double low, double high, long... shape) {
        return seeded(value, SeededTensor.Distribution.UNIFORM, (low + high) / 2, (high - low) / 2, shape);
    }

    private String seeded(String value, SeededTensor.Distribution form, double centre, double spread, long... shape) {
        long seed = scope.random.nextLong();
        return constant(value, new SeededTensor(seed, Tensors.shape(shape), form, centre, spread));
    }

    /**
     * A node with one output.
     *
     * @param operator the operator, with its domain unless it is a standard one
     * @param attributes names and values in turn; values are numbers, strings, {@code long[]}, tensors or graphs
     */
    public String node(String operator, List<String> operands, Object... attributes) {
        return nodes(operator, operands, 1, attributes).get(0);
    }

    /** A node with several outputs. */
    public List<String> nodes(String operator, List<String> operands, int results, Object... attributes) {
        List<String> produced = new ArrayList<>(results);
        for (int i = 0; i < results; i++) {
            produced.add(fresh(operator.toLowerCase(Locale.ROOT)));
        }
        int dot = operator.lastIndexOf('.');
        String domain = operator.substring(0, Math.max(0, dot));
        recorded.add(new Node(domain, operator.substring(dot + 1), operands, produced, attributes(attributes)));
        return List.copyOf(produced);
    }

    /** Tells the shape of a value that the builder could not follow. */
    public String follow(String value, Object... extents) {
        return follow(value, Shapes.of(extents));
    }

    final String follow(String value, List<Dimension> shape) {
        scope.shapes.put(value, shape);
        return value;
    }

    /** The shape of a value. */
    public List<Dimension> shape(String value) {
        return followed(value)
                .orElseThrow(() ->
                        new IllegalStateException("the shape of " + value + " was lost: tell it with follow(...)"));
    }

    /** The shapes of all values that could be followed. */
    public Map<String, List<Dimension>> shapes() {
        return Collections.unmodifiableMap(new LinkedHashMap<>(scope.shapes));
    }

    final Optional<List<Dimension>> followed(String value) {
        return Optional.ofNullable(scope.shapes.get(value));
    }

    /** The extent of an axis, which must be a number; negative axes count from the end. */
    public long extent(String value, int axis) {
        List<Dimension> shape = shape(value);
        if (shape.get(axis < 0 ? axis + shape.size() : axis) instanceof Dimension.Fixed fixed) {
            return fixed.extent();
        }
        throw new IllegalStateException("axis " + axis + " of " + value + " has no fixed extent: " + shape);
    }

    /** Number of axes. */
    public int rank(String value) {
        return shape(value).size();
    }

    final void addOutput(String value, DataType type) {
        outputs.add(value);
        declared.put(value, new ValueType(type, followed(value)));
    }

    final String fresh(String stem) {
        return stem + "_" + scope.counters.merge(stem, 1, Integer::sum);
    }

    /** The graph built so far. */
    public Graph build() {
        if (outputs.isEmpty()) {
            throw new IllegalStateException("graph " + name + " has no output");
        }
        return new Graph(name, inputs, outputs, recorded, constants, declared);
    }

    private static Map<String, Attribute> attributes(Object... namesAndValues) {
        Map<String, Attribute> attributes = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            attributes.put((String) namesAndValues[i], attribute(namesAndValues[i + 1]));
        }
        return attributes;
    }

    private static Attribute attribute(Object value) {
        if (value instanceof Double || value instanceof Float) {
            return new Attribute.Real(((Number) value).doubleValue());
        }
        if (value instanceof Number number) {
            return new Attribute.Int(number.longValue());
        }
        if (value instanceof String text) {
            return new Attribute.Text(text);
        }
        if (value instanceof long[] list) {
            return new Attribute.Ints(Tensors.shape(list));
        }
        if (value instanceof Tensor tensor) {
            return new Attribute.Constant(tensor);
        }
        if (value instanceof Graph body) {
            return new Attribute.Body(body);
        }
        throw new IllegalArgumentException("no attribute can hold " + value);
    }
}
