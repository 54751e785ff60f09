package io.espalier.graph.cost;

import io.espalier.graph.shape.Shapes;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.Graph;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Numbers for the symbolic extents of a graph, so that costs are numbers.
 *
 * <p>Unless said otherwise, the batch is 1: symbols whose name says batch, or else a symbol on the first axis of an
 * input. Where an input of rank 4 has symbols on both of its last axes, or on both between the first and the last (an
 * image), they are 224; any other symbol of an input (a length) is 128; an extent that depends on data is 1.
 */
final class SymbolValues {

    static final long BATCH = 1;
    static final long IMAGE = 224;
    static final long LENGTH = 128;
    static final long DATA_DEPENDENT = 1;

    private SymbolValues() {}

    /**
     * A value for every symbol in the shapes.
     *
     * @param chosen values by name that win over the defaults
     * @throws UnusableSymbolException when a chosen name is no symbol of the graph, or its value is not positive
     */
    static Map<String, Long> of(Graph graph, Shapes shapes, Map<String, Long> chosen) {
        Map<String, Long> values = ofInputs(graph, shapes);
        for (String value : shapes.values()) {
            shapes.shape(value)
                    .ifPresent(shape -> shape.forEach(
                            extent -> extent.symbols().forEach(symbol -> values.putIfAbsent(symbol, DATA_DEPENDENT))));
        }
        chosen.forEach((name, value) -> check(name, value, values.keySet()));
        values.putAll(chosen);
        return values;
    }

    private static Map<String, Long> ofInputs(Graph graph, Shapes shapes) {
        List<List<Dim>> inputs = graph.inputs().keySet().stream()
                .map(shapes::shape)
                .flatMap(Optional::stream)
                .filter(shape -> !shape.isEmpty())
                .toList();
        Map<String, Long> values = new TreeMap<>();
        inputs.forEach(shape ->
                symbols(shape).stream().filter(SymbolValues::saysBatch).forEach(symbol -> values.put(symbol, BATCH)));
        for (List<Dim> shape : inputs) {
            if (symbols(shape).stream().noneMatch(SymbolValues::saysBatch)) {
                shape.get(0).symbols().forEach(symbol -> values.put(symbol, BATCH));
            }
        }
        inputs.forEach(shape -> addOthers(values, shape));
        return values;
    }

    private static Set<String> symbols(List<Dim> shape) {
        Set<String> symbols = new TreeSet<>();
        shape.forEach(extent -> symbols.addAll(extent.symbols()));
        return symbols;
    }

    private static boolean saysBatch(String symbol) {
        return symbol.toLowerCase(Locale.ROOT).contains("batch");
    }

    private static void addOthers(Map<String, Long> values, List<Dim> shape) {
        List<Integer> image = imageAxes(shape);
        for (int axis = 1; axis < shape.size(); axis++) {
            long value = image.contains(axis) ? IMAGE : LENGTH;
            shape.get(axis).symbols().forEach(symbol -> values.putIfAbsent(symbol, value));
        }
    }

    /** Height and width of an image of open size, whether its channels come second or last. */
    private static List<Integer> imageAxes(List<Dim> shape) {
        return Stream.of(List.of(2, 3), List.of(1, 2))
                .filter(axes -> shape.size() == 4
                        && axes.stream().noneMatch(axis -> shape.get(axis).isConstant()))
                .findFirst()
                .orElse(List.of());
    }

    private static void check(String name, long value, Set<String> known) {
        if (!known.contains(name)) {
            throw new UnusableSymbolException("The model has no symbolic extent '" + name + "'; "
                    + (known.isEmpty()
                            ? "all its extents are fixed."
                            : "it has: " + String.join(", ", new TreeSet<>(known)) + "."));
        }
        if (value < 1) {
            throw new UnusableSymbolException(
                    "The extent '" + name + "' cannot be " + value + "; give a whole number of at least 1.");
        }
    }
}
