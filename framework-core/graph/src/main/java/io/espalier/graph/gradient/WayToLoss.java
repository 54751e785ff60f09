package io.espalier.graph.gradient;

import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The shortest way from a node to the loss, for people. */
final class WayToLoss {

    private static final int MOST = 6;

    private WayToLoss() {}

    static String of(Graph graph, Node from, String loss) {
        Map<String, List<Node>> readers = new HashMap<>();
        for (Node node : graph.nodes()) {
            node.reads()
                    .forEach(value -> readers.computeIfAbsent(value, each -> new ArrayList<>())
                            .add(node));
        }
        Map<Node, Node> before = new HashMap<>();
        Deque<Node> open = new ArrayDeque<>(List.of(from));
        before.put(from, from);
        while (!open.isEmpty()) {
            Node node = open.poll();
            if (node.outputs().contains(loss)) {
                return text(node, from, before);
            }
            node.outputs().stream()
                    .flatMap(output -> readers.getOrDefault(output, List.of()).stream())
                    .filter(reader -> before.putIfAbsent(reader, node) == null)
                    .forEach(open::add);
        }
        return "nothing";
    }

    private static String text(Node last, Node first, Map<Node, Node> before) {
        List<String> way = new ArrayList<>();
        for (Node node = last; node != first; node = before.get(node)) {
            way.add(0, node.id());
        }
        way.add(0, first.id());
        if (way.size() > MOST) {
            String rest = "... (" + (way.size() - MOST + 1) + " more)";
            way = new ArrayList<>(way.subList(0, MOST / 2));
            way.add(rest);
            way.add(last.id());
        }
        return String.join(" -> ", way);
    }
}
