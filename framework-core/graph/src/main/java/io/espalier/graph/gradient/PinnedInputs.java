package io.espalier.graph.gradient;

import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.ValueType;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** A graph whose inputs have known extents, as have all values that are declared with the same symbols. */
final class PinnedInputs {

    private final Map<String, Long> symbols = new HashMap<>();

    private PinnedInputs() {}

    static Graph of(Graph graph, Map<String, List<Long>> extents) {
        PinnedInputs pinned = new PinnedInputs();
        Map<String, ValueType> inputs = new LinkedHashMap<>();
        graph.inputs()
                .forEach((name, type) ->
                        inputs.put(name, extents.containsKey(name) ? pinned.fixed(type, extents.get(name)) : type));
        Map<String, ValueType> declared = new LinkedHashMap<>();
        graph.declared().forEach((name, type) -> declared.put(name, pinned.replaced(type)));
        return new Graph(
                graph.name(), inputs, graph.outputs(), graph.nodes(), graph.constants(), declared, graph.given());
    }

    private ValueType fixed(ValueType type, List<Long> extents) {
        List<Dimension> dimensions = IntStream.range(0, extents.size())
                .mapToObj(axis -> fixed(type, axis, extents.get(axis)))
                .toList();
        return new ValueType(type.type(), Optional.of(dimensions));
    }

    private Dimension fixed(ValueType type, int axis, long extent) {
        Dimension known = type.shape().map(shape -> shape.get(axis)).orElseGet(Dimension.Unknown::new);
        if (extent < 0) {
            return known;
        }
        if (known instanceof Dimension.Symbol symbol) {
            symbols.put(symbol.name(), extent);
        }
        return new Dimension.Fixed(extent);
    }

    private ValueType replaced(ValueType type) {
        return new ValueType(
                type.type(),
                type.shape().map(shape -> shape.stream().map(this::replaced).toList()));
    }

    private Dimension replaced(Dimension dimension) {
        return dimension instanceof Dimension.Symbol symbol && symbols.containsKey(symbol.name())
                ? new Dimension.Fixed(symbols.get(symbol.name()))
                : dimension;
    }
}
