package io.espalier.engine.open;

import io.espalier.spi.Quoted;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Values that a user gives to inputs of a model. They are known wherever the graph is analysed, counted or run; in the file
 * the inputs stay inputs.
 *
 * @param values an array for each input, by name; a tensor without axes fills the whole input
 */
public record GivenInputs(Map<String, Tensor> values) {

    /** No input has a value. */
    public static final GivenInputs NONE = new GivenInputs(Map.of());

    public GivenInputs {
        values = new TreeMap<>(values);
    }

    /**
     * A graph with these values, in the types of its inputs. Symbolic extents of such inputs are those of their values,
     * everywhere in the graph; the graph itself when there are no values.
     *
     * @throws UnusableInputException when the graph has no such input, or the input cannot have the value
     */
    public Graph in(Graph graph) {
        if (values.isEmpty()) {
            return graph;
        }
        Map<String, Tensor> given = new LinkedHashMap<>();
        Map<String, Long> bound = new LinkedHashMap<>();
        values.forEach((name, value) -> {
            ValueType declared = Optional.ofNullable(graph.inputs().get(name)).orElseThrow(() -> unknown(name, graph));
            Tensor fitted = new GivenInput(name, declared, value).value();
            bind(name, declared, fitted.shape(), bound);
            given.put(name, fitted);
        });
        Map<String, ValueType> inputs = fixed(graph.inputs(), bound);
        given.forEach((name, value) -> inputs.put(name, typeOf(value)));
        return new Graph(
                graph.name(),
                inputs,
                graph.outputs(),
                graph.nodes(),
                graph.constants(),
                fixed(graph.declared(), bound),
                given);
    }

    private static UnusableInputException unknown(String name, Graph graph) {
        return new UnusableInputException("The model has no input " + Quoted.name(name) + "; its inputs are "
                + String.join(
                        ", ", graph.inputs().keySet().stream().map(Quoted::name).toList()) + ".");
    }

    private static void bind(String name, ValueType declared, List<Long> found, Map<String, Long> bound) {
        List<Dimension> extents = declared.shape().orElse(List.of());
        for (int axis = 0; axis < extents.size(); axis++) {
            if (extents.get(axis) instanceof Dimension.Symbol symbol) {
                Long before = bound.putIfAbsent(symbol.name(), found.get(axis));
                if (before != null && !before.equals(found.get(axis))) {
                    throw new UnusableInputException("The value of the input " + Quoted.name(name) + " has the shape "
                            + found + ", which makes " + Quoted.name(symbol.name()) + " " + found.get(axis)
                            + ", but another axis makes it " + before + ".");
                }
            }
        }
    }

    private static Map<String, ValueType> fixed(Map<String, ValueType> types, Map<String, Long> bound) {
        Map<String, ValueType> fixed = new LinkedHashMap<>();
        types.forEach((name, type) -> fixed.put(
                name,
                new ValueType(
                        type.type(),
                        type.shape()
                                .map(shape -> shape.stream()
                                        .map(extent -> fixed(extent, bound))
                                        .toList()))));
        return fixed;
    }

    private static Dimension fixed(Dimension extent, Map<String, Long> bound) {
        return extent instanceof Dimension.Symbol symbol && bound.containsKey(symbol.name())
                ? new Dimension.Fixed(bound.get(symbol.name()))
                : extent;
    }

    private static ValueType typeOf(Tensor value) {
        return new ValueType(
                value.type(),
                Optional.of(value.shape().stream()
                        .<Dimension>map(Dimension.Fixed::new)
                        .toList()));
    }
}
