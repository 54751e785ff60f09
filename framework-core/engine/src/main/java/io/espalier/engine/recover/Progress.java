package io.espalier.engine.recover;

import io.espalier.engine.verify.Part;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.GraphEdits;
import io.espalier.spi.data.Batches;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.execution.GraphExecutor.Purpose;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A graph that is run over all batches piece by piece. Between the pieces it holds, for each batch, the values that later
 * nodes read. Not thread-safe.
 */
final class Progress implements AutoCloseable {

    private final GraphExecutor executor;
    private final Shapes shapes;
    private final Map<String, Integer> places = new HashMap<>();
    private final Map<String, Integer> lastRead = new HashMap<>();
    /** Values that depend on the inputs; the others are computed again wherever they are read. */
    private final Set<String> varying;

    /** The order in which nodes are run; those that edits add run with the ones that read them. */
    private final List<Node> order;

    private Graph graph;
    private final HeldValues held;
    private final Lanes lanes;
    private final int batches;
    private int position;

    /**
     * Stands before the first node.
     *
     * @param batches the inputs
     * @param memory bytes of what is held that may lie on the heap
     */
    Progress(Graph graph, Shapes shapes, GraphExecutor executor, Batches batches, Lanes lanes, long memory) {
        this.graph = graph;
        this.order = graph.nodes();
        this.shapes = shapes;
        this.executor = executor;
        this.lanes = lanes;
        this.varying = varying(graph);
        this.batches = batches.count();
        this.held = new HeldValues(this.batches, memory);
        for (int batch = 0; batch < this.batches; batch++) {
            held.put(batch, batches.get(batch).inputs());
        }
        for (int place = 0; place < order.size(); place++) {
            Node node = order.get(place);
            places.put(node.id(), place);
            for (String value : node.reads()) {
                lastRead.put(value, place);
            }
        }
    }

    /** The values of a graph that depend on its inputs. */
    static Set<String> varying(Graph graph) {
        Set<String> varying = new HashSet<>(graph.inputs().keySet());
        for (Node node : graph.nodes()) {
            if (node.reads().stream().anyMatch(varying::contains)) {
                varying.addAll(node.outputs());
            }
        }
        return varying;
    }

    /** The place of the node that makes a value; empty when the main graph has none. */
    Optional<Integer> place(String id) {
        return Optional.ofNullable(places.get(id));
    }

    /** Whether a value depends on the inputs. */
    boolean isVarying(String value) {
        return varying.contains(value);
    }

    /** Whether the graph can be interrupted before a node: all that is read behind it is tensors. */
    boolean canStopBefore(int place) {
        return order.subList(0, place).stream()
                .flatMap(node -> node.outputs().stream())
                .filter(value -> isLive(value, place))
                .allMatch(value -> shapes.type(value).isPresent());
    }

    private boolean isLive(String value, int place) {
        return varying.contains(value) && lastRead.getOrDefault(value, -1) >= place;
    }

    /** What follows from constants alone is never held: they may get new values. */
    private boolean isHeld(String value, int place, Collection<String> wanted) {
        return isLive(value, place) || varying.contains(value) && wanted.contains(value);
    }

    /** Edits what is run from now on: gives constants new values, or nodes that have run others with the same outputs. */
    void apply(List<Edit> edits) {
        graph = GraphEdits.apply(graph, edits);
    }

    /** The graph as it is now. */
    Graph graph() {
        return graph;
    }

    /** The constant of a name, as it is now. */
    Tensor constant(String name) {
        return graph.constants().get(name);
    }

    /** What a node reads that does not depend on the inputs, computed from constants where it must be. */
    Map<String, Tensor> fixed(Node node) {
        Map<String, Tensor> fixed = new LinkedHashMap<>();
        List<String> computed = new ArrayList<>();
        for (String value : node.reads()) {
            if (graph.constants().containsKey(value)) {
                fixed.put(value, graph.constants().get(value));
            } else if (!varying.contains(value)) {
                computed.add(value);
            }
        }
        if (!computed.isEmpty()) {
            try (Runner runner = executor.prepare(Part.of(graph, Map.of(), computed), Settings.PLAIN)) {
                fixed.putAll(runner.run(Map.of()));
            }
        }
        return fixed;
    }

    /**
     * Runs all nodes before one.
     *
     * @param wanted values to hold until the next call, besides those that later nodes read
     */
    void advance(int place, Collection<String> wanted) {
        List<String> needed = new ArrayList<>();
        for (Node node : order.subList(position, Math.max(position, place))) {
            for (String value : node.outputs()) {
                if (isHeld(value, place, wanted)) {
                    needed.add(value);
                }
            }
        }
        if (!needed.isEmpty()) {
            Graph part = Part.of(graph, Part.open(held.of(0)), needed);
            lanes.forEach(
                    batches,
                    () -> executor.prepare(part, Settings.of(Purpose.EVALUATION)),
                    (runner, batch) -> runner.run(read(runner, batch)),
                    (batch, made) -> {
                        held.retain(batch, value -> isHeld(value, place, wanted));
                        held.put(batch, made);
                    });
        }
        for (int batch = 0; batch < batches; batch++) {
            held.retain(batch, value -> isHeld(value, place, wanted));
        }
        position = Math.max(position, place);
    }

    private Map<String, Tensor> read(Runner runner, int batch) {
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        runner.inputs().forEach(input -> inputs.put(input, value(batch, input)));
        return inputs;
    }

    /** A value that is held. */
    Tensor value(int batch, String name) {
        return held.of(batch).get(name);
    }

    @Override
    public void close() {
        held.close();
    }
}
