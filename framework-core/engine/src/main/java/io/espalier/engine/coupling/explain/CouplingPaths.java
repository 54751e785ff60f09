package io.espalier.engine.coupling.explain;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.label.Barrier;
import io.espalier.engine.coupling.label.LabelMap;
import io.espalier.engine.coupling.label.LabelledValue;
import io.espalier.engine.coupling.label.Labels;
import io.espalier.engine.coupling.label.Layout;
import io.espalier.engine.coupling.label.ParameterUse;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The paths along which coupling spreads: the labels of values, and the operators that carry them from one value to
 * another or relate one label to another.
 *
 * <p>Inside a node a label leads to the labels that the node relates it to, and a row that is present there to its cells.
 * From value to value a label leads only through a node that touches both. Built for a few classes only; not thread-safe.
 */
final class CouplingPaths {

    private final Coupling coupling;
    private final RecordingLabels labels;
    private final Map<LabelledValue, Set<Integer>> labelsAt = new LinkedHashMap<>();
    private final Map<LabelledValue, Set<String>> nodesAt = new LinkedHashMap<>();
    private final Map<String, Junction> junctions = new LinkedHashMap<>();
    private final Map<Integer, List<Labels.Row>> rows = new LinkedHashMap<>();

    /** The values that a node touches, and the labels it relates. */
    private static final class Junction {
        private final Set<LabelledValue> values = new LinkedHashSet<>();
        private final Set<Integer> present = new LinkedHashSet<>();
        private final Map<Integer, Set<Integer>> related = new LinkedHashMap<>();

        private void relate(int left, int right) {
            present.add(left);
            present.add(right);
            related.computeIfAbsent(left, key -> new LinkedHashSet<>()).add(right);
            related.computeIfAbsent(right, key -> new LinkedHashSet<>()).add(left);
        }
    }

    /** A label of a value or inside a node; the other of the two is null. */
    private record Stop(LabelledValue value, String node, int label) {}

    CouplingPaths(Graph graph, Coupling coupling, RecordingLabels labels) {
        this.coupling = coupling;
        this.labels = labels;
        coupling.graph().values().forEach((value, layout) -> learn(LabelledValue.of(value), layout));
        coupling.graph().parameters().forEach((use, layout) -> learn(LabelledValue.of(use), layout));
        graph.nodes().forEach(this::learn);
        labels.relations()
                .forEach(each -> junctions
                        .computeIfAbsent(each.node(), node -> new Junction())
                        .relate(each.left(), each.right()));
        for (Labels.Row row : labels.rows()) {
            if (labels.follows(row.label())) {
                rows.computeIfAbsent(row.label(), key -> new ArrayList<>()).add(row);
                Arrays.stream(row.cells())
                        .filter(labels::follows)
                        .forEach(cell -> rows.computeIfAbsent(cell, key -> new ArrayList<>())
                                .add(row));
            }
        }
    }

    private void learn(LabelledValue value, Layout layout) {
        for (LabelMap map : layout.maps()) {
            for (int label : map.labels()) {
                if (labels.follows(label)) {
                    labelsAt.computeIfAbsent(value, key -> new LinkedHashSet<>())
                            .add(label);
                }
            }
        }
    }

    private void learn(Node node) {
        List<LabelledValue> touched = new ArrayList<>();
        node.reads()
                .forEach(value ->
                        touched.addAll(List.of(LabelledValue.of(value), LabelledValue.of(ParameterUse.shared(value)))));
        for (int slot = 0; slot < node.inputs().size(); slot++) {
            touched.add(LabelledValue.of(new ParameterUse(node.inputs().get(slot), node.id(), slot)));
        }
        node.outputs().forEach(value -> touched.add(LabelledValue.of(value)));
        for (LabelledValue value : touched) {
            Set<Integer> here = labelsAt.get(value);
            if (here != null) {
                Junction junction = junctions.computeIfAbsent(node.id(), key -> new Junction());
                junction.values.add(value);
                junction.present.addAll(here);
                nodesAt.computeIfAbsent(value, key -> new LinkedHashSet<>()).add(node.id());
            }
        }
    }

    /** Everything that some classes reach from some labels of a value. */
    Reach from(LabelledValue start, Collection<Integer> seeds, BitSet classes) {
        Map<Stop, Stop> cameFrom = new LinkedHashMap<>();
        Deque<Stop> queue = new ArrayDeque<>();
        for (int seed : seeds) {
            Stop stop = new Stop(start, null, seed);
            cameFrom.put(stop, stop);
            queue.add(stop);
        }
        while (!queue.isEmpty()) {
            Stop stop = queue.remove();
            for (Stop next : next(stop)) {
                if (classes.get(coupling.classes().of(next.label())) && !cameFrom.containsKey(next)) {
                    cameFrom.put(next, stop);
                    queue.add(next);
                }
            }
        }
        return new Reach(cameFrom, labels.freezes());
    }

    private List<Stop> next(Stop stop) {
        List<Stop> next = new ArrayList<>();
        if (stop.node() == null) {
            nodesAt.getOrDefault(stop.value(), Set.of()).forEach(node -> next.add(new Stop(null, node, stop.label())));
            return next;
        }
        Junction junction = junctions.get(stop.node());
        for (LabelledValue value : junction.values) {
            if (labelsAt.get(value).contains(stop.label())) {
                next.add(new Stop(value, null, stop.label()));
            }
        }
        junction.related
                .getOrDefault(stop.label(), Set.of())
                .forEach(label -> next.add(new Stop(null, stop.node(), label)));
        for (Labels.Row row : rows.getOrDefault(stop.label(), List.of())) {
            if (junction.present.contains(row.label())) {
                Arrays.stream(row.cells())
                        .filter(cell -> stop.label() == row.label() && labels.follows(cell))
                        .forEach(cell -> next.add(new Stop(null, stop.node(), cell)));
                next.add(new Stop(null, stop.node(), row.label()));
            }
        }
        return next;
    }

    /** The labels and values that were reached, and from where. */
    static final class Reach {

        private final Map<Stop, Stop> cameFrom;
        private final List<RecordingLabels.Freeze> freezes;
        private final Map<LabelledValue, Stop> firstAt = new LinkedHashMap<>();
        private final Set<String> nodes = new LinkedHashSet<>();

        private Reach(Map<Stop, Stop> cameFrom, List<RecordingLabels.Freeze> freezes) {
            this.cameFrom = cameFrom;
            this.freezes = freezes;
            for (Stop stop : cameFrom.keySet()) {
                if (stop.value() == null) {
                    nodes.add(stop.node());
                } else {
                    firstAt.putIfAbsent(stop.value(), stop);
                }
            }
        }

        /** Values that were reached, the nearest first. */
        Set<LabelledValue> values() {
            return firstAt.keySet();
        }

        /** Whether coupling passes a node. */
        boolean passes(String node) {
            return nodes.contains(node);
        }

        /** Labels that were reached. */
        Set<Integer> labels() {
            Set<Integer> labels = new LinkedHashSet<>();
            cameFrom.keySet().forEach(stop -> labels.add(stop.label()));
            return labels;
        }

        /** Nodes from the start to a value, empty when it was not reached. */
        Optional<List<String>> path(LabelledValue value) {
            return Optional.ofNullable(firstAt.get(value)).map(this::path);
        }

        private List<String> path(Stop end) {
            List<String> path = new ArrayList<>();
            for (Stop stop = end; cameFrom.get(stop) != stop; stop = cameFrom.get(stop)) {
                if (stop.node() != null
                        && (path.isEmpty() || !path.get(path.size() - 1).equals(stop.node()))) {
                    path.add(stop.node());
                }
            }
            Collections.reverse(path);
            return path;
        }

        /** All barriers that were reached, each with the nodes of the shortest path to it. */
        Map<Barrier, List<String>> barriers() {
            Map<Barrier, List<String>> found = new LinkedHashMap<>();
            for (RecordingLabels.Freeze freeze : freezes) {
                Barrier barrier = freeze.barrier();
                Stop inNode = new Stop(null, barrier.node(), freeze.label());
                Stop atOutput = new Stop(LabelledValue.of(barrier.value()), null, freeze.label());
                Stop stop = cameFrom.containsKey(inNode) ? inNode : atOutput;
                if (cameFrom.containsKey(stop)) {
                    List<String> path = path(stop);
                    found.merge(barrier, path, (one, other) -> one.size() <= other.size() ? one : other);
                }
            }
            return found;
        }
    }
}
