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
 * The ways along which coupling spreads: labels at places, and the operators that carry them from one place to another
 * or relate one to another.
 *
 * <p>Inside a node a label meets the labels the node relates it to, and, where a row is present, the row meets its cells.
 * From place to place a label goes only through a node that has both. Built for a few classes only; not thread-safe.
 */
final class CouplingPaths {

    private final Coupling coupling;
    private final RecordingLabels labels;
    private final Map<LabelledValue, Set<Integer>> labelsAt = new LinkedHashMap<>();
    private final Map<LabelledValue, Set<String>> nodesAt = new LinkedHashMap<>();
    private final Map<String, Junction> junctions = new LinkedHashMap<>();
    private final Map<Integer, List<Labels.Row>> rows = new LinkedHashMap<>();

    /** What meets in one node. */
    private static final class Junction {
        private final Set<LabelledValue> places = new LinkedHashSet<>();
        private final Set<Integer> present = new LinkedHashSet<>();
        private final Map<Integer, Set<Integer>> related = new LinkedHashMap<>();

        private void relate(int left, int right) {
            present.add(left);
            present.add(right);
            related.computeIfAbsent(left, key -> new LinkedHashSet<>()).add(right);
            related.computeIfAbsent(right, key -> new LinkedHashSet<>()).add(left);
        }
    }

    /** A label at a place or inside a node; the other of the two is null. */
    private record Stop(LabelledValue place, String node, int label) {}

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

    private void learn(LabelledValue place, Layout layout) {
        for (LabelMap map : layout.maps()) {
            for (int label : map.labels()) {
                if (labels.follows(label)) {
                    labelsAt.computeIfAbsent(place, key -> new LinkedHashSet<>())
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
        for (LabelledValue place : touched) {
            Set<Integer> here = labelsAt.get(place);
            if (here != null) {
                Junction junction = junctions.computeIfAbsent(node.id(), key -> new Junction());
                junction.places.add(place);
                junction.present.addAll(here);
                nodesAt.computeIfAbsent(place, key -> new LinkedHashSet<>()).add(node.id());
            }
        }
    }

    /** Everything that some classes reach from some labels of a place. */
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
            nodesAt.getOrDefault(stop.place(), Set.of()).forEach(node -> next.add(new Stop(null, node, stop.label())));
            return next;
        }
        Junction junction = junctions.get(stop.node());
        for (LabelledValue place : junction.places) {
            if (labelsAt.get(place).contains(stop.label())) {
                next.add(new Stop(place, null, stop.label()));
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

    /** What was reached, and how. */
    static final class Reach {

        private final Map<Stop, Stop> cameFrom;
        private final List<RecordingLabels.Freeze> freezes;
        private final Map<LabelledValue, Stop> firstAt = new LinkedHashMap<>();
        private final Set<String> nodes = new LinkedHashSet<>();

        private Reach(Map<Stop, Stop> cameFrom, List<RecordingLabels.Freeze> freezes) {
            this.cameFrom = cameFrom;
            this.freezes = freezes;
            for (Stop stop : cameFrom.keySet()) {
                if (stop.place() == null) {
                    nodes.add(stop.node());
                } else {
                    firstAt.putIfAbsent(stop.place(), stop);
                }
            }
        }

        /** Places that were reached, the nearest first. */
        Set<LabelledValue> places() {
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

        /** Nodes from the start to a place, empty when it was not reached. */
        Optional<List<String>> path(LabelledValue place) {
            return Optional.ofNullable(firstAt.get(place)).map(this::path);
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

        /** Everything that forbids what was reached to go, the nearest first of each, with the nodes on the way. */
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
