package io.espalier.spi.adapter;

import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Leaves operands of sums of a graph out, with all that led to an output through them alone. */
final class Omissions {

    /** What is read in the place of sums of which one operand remains. */
    private final Map<String, String> stand = new LinkedHashMap<>();
    /** The operands that remain of other sums. */
    private final Map<String, List<String>> operands = new LinkedHashMap<>();

    private final List<Node> nodes = new ArrayList<>();

    private Omissions() {}

    /**
     * The graph without some operands.
     *
     * @throws IllegalArgumentException when a sum or its operand is not there, none remains, or one alone of a sum that is returned
     */
    static Graph applied(Graph graph, List<Edit.Omit> omits) {
        if (omits.isEmpty()) {
            return graph;
        }
        Set<Node> before = leading(graph.nodes(), graph.outputs());
        Omissions changed = new Omissions();
        Edit.Omit.bySum(omits).forEach((sum, slots) -> changed.leaveOut(graph, sum, slots));
        graph.nodes().stream()
                .filter(node -> !changed.stand.containsKey(node.id()))
                .map(changed::redirected)
                .forEach(changed.nodes::add);
        Set<Node> after = leading(changed.nodes, graph.outputs());
        Set<String> led = new HashSet<>();
        before.forEach(node -> led.add(node.id()));
        after.forEach(node -> led.remove(node.id()));
        changed.removeWithReaders(led);
        return changed.of(graph);
    }

    /** Removes nodes, and those that read them: nothing needs these, or nothing has needed them before. */
    private void removeWithReaders(Set<String> ids) {
        Set<String> gone = new HashSet<>();
        List<Node> left = new ArrayList<>();
        for (Node node : nodes) {
            if (ids.contains(node.id()) || node.reads().stream().anyMatch(gone::contains)) {
                gone.addAll(node.outputs());
                gone.remove("");
            } else {
                left.add(node);
            }
        }
        nodes.clear();
        nodes.addAll(left);
    }

    private void leaveOut(Graph graph, String sum, Set<Integer> slots) {
        Node node = graph.nodes().stream()
                .filter(each -> each.id().equals(sum))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("the graph has no outermost node that makes '" + sum + "'"));
        slots.stream().filter(slot -> node.input(slot).isEmpty()).findFirst().ifPresent(slot -> {
            throw new IllegalArgumentException("the node that makes '" + sum + "' has no operand " + slot);
        });
        List<String> remaining = Edit.Omit.remaining(node.inputs(), slots);
        if (remaining.isEmpty()) {
            throw new IllegalArgumentException("no operand remains of the node that makes '" + sum + "'");
        }
        if (remaining.size() > 1) {
            operands.put(sum, remaining);
        } else if (isReturned(graph, sum)) {
            throw new IllegalArgumentException("the graph returns '" + sum + "'");
        } else {
            stand.put(sum, remaining.get(0));
        }
    }

    private static boolean isReturned(Graph graph, String value) {
        return graph.outputs().contains(value)
                || graph.nodes().stream()
                        .flatMap(node -> node.bodies().stream())
                        .anyMatch(body -> isReturned(body, value));
    }

    /** What is read in the place of a value. */
    private String read(String value) {
        String read = value;
        while (stand.containsKey(read)) {
            read = stand.get(read);
        }
        return read;
    }

    private Node redirected(Node node) {
        if (!operands.containsKey(node.id()) && node.reads().stream().noneMatch(stand::containsKey)) {
            return node;
        }
        Map<String, Attribute> attributes = new LinkedHashMap<>(node.attributes());
        attributes.replaceAll((name, value) ->
                value instanceof Attribute.Body body ? new Attribute.Body(redirected(body.graph())) : value);
        return new Node(
                node.domain(),
                node.operator(),
                operands.getOrDefault(node.id(), node.inputs()).stream()
                        .map(this::read)
                        .toList(),
                node.outputs(),
                attributes);
    }

    private Graph redirected(Graph body) {
        return body.withNodes(body.nodes().stream().map(this::redirected).toList());
    }

    /** The nodes on a way to some values. */
    private static Set<Node> leading(List<Node> nodes, Collection<String> values) {
        Set<String> wanted = new HashSet<>(values);
        Set<Node> leading = new LinkedHashSet<>();
        for (int place = nodes.size() - 1; place >= 0; place--) {
            Node node = nodes.get(place);
            if (node.outputs().stream().anyMatch(wanted::contains)) {
                leading.add(node);
                wanted.addAll(node.reads());
            }
        }
        return leading;
    }

    private Graph of(Graph graph) {
        Set<String> gone = new HashSet<>();
        graph.nodes().forEach(node -> gone.addAll(node.outputs()));
        Set<String> unread = new HashSet<>();
        graph.nodes().forEach(node -> unread.addAll(node.reads()));
        unread.removeAll(graph.outputs());
        for (Node node : nodes) {
            gone.removeAll(node.outputs());
            unread.removeAll(node.reads());
        }
        Map<String, Tensor> constants = new LinkedHashMap<>(graph.constants());
        constants.keySet().removeAll(unread);
        Map<String, ValueType> declared = new LinkedHashMap<>(graph.declared());
        declared.keySet().removeAll(gone);
        return new Graph(graph.name(), graph.inputs(), graph.outputs(), nodes, constants, declared, graph.given());
    }
}
