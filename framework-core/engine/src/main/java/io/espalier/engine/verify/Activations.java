package io.espalier.engine.verify;

import io.espalier.graph.shape.Shapes;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.DataType;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** What a runtime takes for the values it computes, estimated. */
final class Activations {

    private Activations() {}

    /**
     * The bytes of all values that are alive at the same time, at most. A value of unknown extents counts as much as the
     * largest that is known; values inside bodies are left out.
     *
     * @param symbols extents of symbolic dimensions
     */
    static long peak(Graph graph, Shapes shapes, Map<String, Long> symbols) {
        Map<String, OptionalLong> sizes = new HashMap<>();
        Map<String, Integer> lastReads = new HashMap<>();
        List<Node> nodes = graph.nodes();
        for (int place = 0; place < nodes.size(); place++) {
            for (String value : nodes.get(place).reads()) {
                lastReads.put(value, place);
            }
            nodes.get(place).outputs().forEach(value -> sizes.put(value, bytes(value, shapes, symbols)));
        }
        long largest = sizes.values().stream()
                .flatMapToLong(OptionalLong::stream)
                .max()
                .orElse(0);
        Set<String> alive = new HashSet<>();
        long live = 0;
        long peak = 0;
        for (int place = 0; place < nodes.size(); place++) {
            for (String value : nodes.get(place).outputs()) {
                live += alive.add(value) ? sizes.get(value).orElse(largest) : 0;
            }
            peak = Math.max(peak, live);
            for (String value : nodes.get(place).reads()) {
                boolean ends = lastReads.get(value) == place && !graph.outputs().contains(value);
                live -= ends && alive.remove(value) ? sizes.get(value).orElse(largest) : 0;
            }
        }
        return peak;
    }

    private static OptionalLong bytes(String value, Shapes shapes, Map<String, Long> symbols) {
        if (value.isEmpty()) {
            return OptionalLong.of(0);
        }
        List<Dim> shape = shapes.shape(value).orElse(null);
        if (shape == null || !shape.stream().allMatch(extent -> symbols.keySet().containsAll(extent.symbols()))) {
            return OptionalLong.empty();
        }
        long elements =
                shape.stream().mapToLong(extent -> extent.evaluate(symbols)).reduce(1, (a, b) -> a * b);
        return OptionalLong.of(
                elements * shapes.type(value).map(DataType::bytes).orElse(Float.BYTES));
    }
}
