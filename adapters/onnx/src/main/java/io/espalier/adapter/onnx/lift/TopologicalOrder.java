package io.espalier.adapter.onnx.lift;

import io.espalier.adapter.onnx.proto.AttributeProto;
import io.espalier.adapter.onnx.proto.GraphProto;
import io.espalier.adapter.onnx.proto.NodeProto;
import io.espalier.adapter.onnx.proto.TensorProto;
import io.espalier.adapter.onnx.proto.ValueInfoProto;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/** The order in which the nodes of a graph can run: the file's own where possible. */
public final class TopologicalOrder {

    private final List<NodeProto> nodes;
    /** For each node, the nodes whose outputs it or its bodies read. */
    private final List<Set<Integer>> needs = new ArrayList<>();

    private TopologicalOrder(GraphProto graph) {
        this.nodes = graph.getNodeList();
        Map<String, Integer> producers = new HashMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            for (String output : nodes.get(i).getOutputList()) {
                if (!output.isEmpty()) {
                    producers.put(output, i);
                }
            }
        }
        for (NodeProto node : nodes) {
            Set<Integer> needed = new LinkedHashSet<>();
            for (String name : reads(node)) {
                Integer producer = producers.get(name);
                if (producer != null) {
                    needed.add(producer);
                }
            }
            needs.add(needed);
        }
    }

    /**
     * Indices of the nodes in an order that can run.
     *
     * @throws InvalidInputException when nodes depend on each other in a circle
     */
    static List<Integer> of(GraphProto graph, Path file) {
        TopologicalOrder order = new TopologicalOrder(graph);
        List<Integer> sorted = order.sort();
        if (sorted.size() < order.nodes.size()) {
            throw order.cycle(new HashSet<>(sorted), file);
        }
        return sorted;
    }

    /**
     * Indices of the nodes in an order that can run.
     *
     * @throws IllegalStateException when nodes depend on each other in a circle
     */
    public static List<Integer> of(GraphProto graph) {
        List<Integer> sorted = new TopologicalOrder(graph).sort();
        if (sorted.size() < graph.getNodeCount()) {
            throw new IllegalStateException("nodes depend on each other in a circle");
        }
        return sorted;
    }

    private List<Integer> sort() {
        List<List<Integer>> readers = new ArrayList<>();
        int[] missing = new int[nodes.size()];
        for (int i = 0; i < nodes.size(); i++) {
            readers.add(new ArrayList<>());
        }
        PriorityQueue<Integer> ready = new PriorityQueue<>();
        for (int i = 0; i < nodes.size(); i++) {
            missing[i] = needs.get(i).size();
            for (int producer : needs.get(i)) {
                readers.get(producer).add(i);
            }
            if (missing[i] == 0) {
                ready.add(i);
            }
        }
        List<Integer> sorted = new ArrayList<>(nodes.size());
        while (!ready.isEmpty()) {
            int next = ready.poll();
            sorted.add(next);
            for (int reader : readers.get(next)) {
                if (--missing[reader] == 0) {
                    ready.add(reader);
                }
            }
        }
        return sorted;
    }

    private InvalidInputException cycle(Set<Integer> sorted, Path file) {
        int at = 0;
        while (sorted.contains(at)) {
            at++;
        }
        // Every node left needs another node left: walking back must return to where it has been.
        Set<Integer> seen = new HashSet<>();
        int before = at;
        while (seen.add(at)) {
            before = at;
            at = needs.get(at).stream()
                    .filter(need -> !sorted.contains(need))
                    .findFirst()
                    .orElseThrow();
        }
        return new InvalidInputException(file + ": the graph has a cycle: value " + label(before) + " is computed from "
                + label(at) + ", and " + label(at) + " from " + label(before) + "; export the model again");
    }

    private String label(int node) {
        return Quoted.name(nodes.get(node).getOutputList().stream()
                .filter(name -> !name.isEmpty())
                .findFirst()
                .orElse(nodes.get(node).getName()));
    }

    /** Everything a node reads, through its bodies as well. */
    private static Set<String> reads(NodeProto node) {
        Set<String> names = new LinkedHashSet<>(node.getInputList());
        for (AttributeProto attribute : node.getAttributeList()) {
            if (attribute.hasG()) {
                names.addAll(free(attribute.getG()));
            }
        }
        return names;
    }

    /** The values a body takes from the graphs around it. */
    private static Set<String> free(GraphProto body) {
        Set<String> names = new LinkedHashSet<>();
        Set<String> own = new HashSet<>();
        body.getInputList().stream().map(ValueInfoProto::getName).forEach(own::add);
        body.getInitializerList().stream().map(TensorProto::getName).forEach(own::add);
        for (NodeProto node : body.getNodeList()) {
            names.addAll(reads(node));
            own.addAll(node.getOutputList());
        }
        body.getOutputList().stream().map(ValueInfoProto::getName).forEach(names::add);
        names.removeAll(own);
        return names;
    }
}
