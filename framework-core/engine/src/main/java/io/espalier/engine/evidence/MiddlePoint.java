package io.espalier.engine.evidence;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.label.AxisFactor;
import io.espalier.engine.coupling.label.Layout;
import io.espalier.graph.shape.Shapes;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.GraphIndex;
import io.espalier.spi.graph.Node;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * A value in the middle of a network that everything passes through, whose features say something of an example: examples lie along its
 * first axis, channels along another.
 *
 * @param value name of the value
 * @param axis where its features lie
 * @param rank number of its axes
 * @param weights those that are applied before it
 */
record MiddlePoint(String value, int axis, int rank, List<AppliedWeight> weights) {

    /**
     * Points that divide the weights of a network into parts of about the same number. Of points with the same weights before them it is
     * the last: behind normalisations and activations.
     *
     * @param all the weights of the graph
     * @param parts how many parts there are, one more than points; fewer where the network does not pass through enough of them
     */
    static List<MiddlePoint> of(Graph graph, Coupling coupling, Shapes shapes, List<AppliedWeight> all, int parts) {
        Map<Integer, MiddlePoint> byWeights = new LinkedHashMap<>();
        Passages.of(graph, graph.inputs().keySet(), graph.outputs().get(0), shapes)
                .values()
                .forEach(value -> point(value, graph, coupling, shapes, all)
                        .filter(each ->
                                !each.weights().isEmpty() && each.weights().size() < all.size())
                        .ifPresent(each -> byWeights.put(each.weights().size(), each)));
        Set<MiddlePoint> chosen = new HashSet<>();
        for (int part = 1; part < parts; part++) {
            double wanted = (double) all.size() * part / parts;
            byWeights.values().stream()
                    .min((a, b) -> Double.compare(a.distance(wanted), b.distance(wanted)))
                    .ifPresent(chosen::add);
        }
        return byWeights.values().stream().filter(chosen::contains).toList();
    }

    private double distance(double wanted) {
        return Math.abs(weights.size() - wanted);
    }

    private static Optional<MiddlePoint> point(
            String value, Graph graph, Coupling coupling, Shapes shapes, List<AppliedWeight> all) {
        Optional<Layout> layout = coupling.graph().layout(value);
        List<Dim> shape = shapes.shape(value).orElse(List.of());
        Dim examples = shapes.require(graph.inputs().keySet().iterator().next()).stream()
                .findFirst()
                .orElse(Dim.of(0));
        if (layout.isEmpty() || shape.size() < 2 || !shape.get(0).equals(examples)) {
            return Optional.empty();
        }
        int[] tracked =
                IntStream.range(0, shape.size()).filter(layout.get()::isTracked).toArray();
        boolean plain = tracked.length == 1
                && tracked[0] > 0
                && layout.get().axes().get(tracked[0]).stream().allMatch(AxisFactor::isNumeric);
        if (!plain) {
            return Optional.empty();
        }
        Set<String> before = upstream(value, graph);
        List<AppliedWeight> weights =
                all.stream().filter(each -> before.contains(each.output())).toList();
        return Optional.of(new MiddlePoint(value, tracked[0], shape.size(), weights));
    }

    private static Set<String> upstream(String value, Graph graph) {
        GraphIndex index = GraphIndex.of(graph);
        Set<String> found = new HashSet<>();
        List<String> open = new ArrayList<>(List.of(value));
        while (!open.isEmpty()) {
            String next = open.remove(open.size() - 1);
            if (found.add(next)) {
                index.producer(next).map(Node::reads).ifPresent(open::addAll);
            }
        }
        return found;
    }

    /** The axes that features are averaged over. */
    long[] pooled() {
        return LongStream.range(1, rank).filter(each -> each != axis).toArray();
    }
}
