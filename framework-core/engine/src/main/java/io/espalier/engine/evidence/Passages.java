package io.espalier.engine.evidence;

import io.espalier.graph.shape.Shapes;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.DataType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Values that everything between the inputs of a graph and what it computes passes through. */
final class Passages {

    private Passages() {}

    /**
     * Finds them.
     *
     * @param inputs the inputs of the graph that hold examples
     * @param result what the graph computes
     * @return values that are alone in being computed and still needed, by the number of nodes before
     */
    static Map<Integer, String> of(Graph graph, Set<String> inputs, String result, Shapes shapes) {
        List<Node> nodes = graph.nodes();
        Map<String, Integer> lastReads = new HashMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            for (String value : nodes.get(i).reads()) {
                lastReads.put(value, i);
            }
        }
        Map<Integer, String> passages = new LinkedHashMap<>();
        Set<String> found = new HashSet<>(Set.of(result));
        Set<String> varying = new HashSet<>();
        Set<String> needed = new LinkedHashSet<>();
        for (int i = 0; i <= nodes.size(); i++) {
            List<String> made = new ArrayList<>();
            if (i == 0) {
                made.addAll(inputs);
            } else if (nodes.get(i - 1).reads().stream().anyMatch(varying::contains)) {
                made.addAll(nodes.get(i - 1).outputs());
            }
            int before = i;
            made.removeIf(value -> !isReal(value, shapes));
            varying.addAll(made);
            needed.addAll(made);
            needed.removeIf(value -> lastReads.getOrDefault(value, -1) < before);
            String only = needed.size() == 1 ? needed.iterator().next() : result;
            if (found.add(only)) {
                passages.put(i, only);
            }
        }
        return passages;
    }

    private static boolean isReal(String value, Shapes shapes) {
        return shapes.type(value).map(DataType::isFloating).orElse(true);
    }
}
