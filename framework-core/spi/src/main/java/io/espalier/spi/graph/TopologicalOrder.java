package io.espalier.spi.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Puts nodes behind those whose values they read, and leaves them where they are as far as that allows. */
final class TopologicalOrder {

    private final Map<String, Node> producers = new HashMap<>();
    private final List<Node> ordered = new ArrayList<>();
    private final Set<Node> done = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<Node> waiting = Collections.newSetFromMap(new IdentityHashMap<>());

    private TopologicalOrder(List<Node> nodes) {
        nodes.forEach(node -> node.outputs().forEach(output -> producers.put(output, node)));
        producers.remove("");
    }

    /**
     * The nodes in topological order.
     *
     * @throws IllegalStateException when some wait for each other
     */
    static List<Node> of(List<Node> nodes) {
        TopologicalOrder order = new TopologicalOrder(nodes);
        nodes.forEach(order::place);
        return order.ordered;
    }

    private void place(Node node) {
        Deque<Node> open = new ArrayDeque<>(List.of(node));
        while (!open.isEmpty()) {
            Node next = open.peek();
            if (done.contains(next)) {
                open.pop();
                continue;
            }
            List<Node> before = next.reads().stream()
                    .map(producers::get)
                    .filter(producer -> producer != null && !done.contains(producer))
                    .toList();
            if (before.isEmpty()) {
                ordered.add(open.pop());
                done.add(next);
            } else if (!waiting.add(next)) {
                throw new IllegalStateException("the nodes that make '" + next.id() + "' wait for each other");
            } else {
                before.forEach(open::push);
            }
        }
    }
}
