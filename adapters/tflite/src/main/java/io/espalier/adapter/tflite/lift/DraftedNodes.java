package io.espalier.adapter.tflite.lift;

import io.espalier.adapter.tflite.edit.NodeBinding;
import io.espalier.adapter.tflite.edit.Refit;
import io.espalier.adapter.tflite.edit.SlotBinding;
import io.espalier.spi.graph.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The neutral nodes that are made for one native operator, and where their operands live in the file. Not thread-safe. */
final class DraftedNodes {

    private final List<Node> nodes = new ArrayList<>();
    private final Map<Integer, Map<Integer, SlotBinding>> slots = new LinkedHashMap<>();
    private final Map<Integer, Set<String>> implied = new LinkedHashMap<>();
    private final Map<Integer, Refit> refits = new LinkedHashMap<>();
    private final Map<String, String> renamed = new LinkedHashMap<>();
    /** Bindings of constants, for the nodes that will read them. */
    private final Map<String, SlotBinding> pending = new LinkedHashMap<>();

    /** Says where a value lives, for all nodes that read it and are added later. */
    void bindReaders(String value, SlotBinding binding) {
        pending.put(value, binding);
    }

    void add(Node node) {
        nodes.add(node);
        for (int slot = 0; slot < node.inputs().size(); slot++) {
            SlotBinding binding = pending.get(node.inputs().get(slot));
            if (binding != null) {
                bind(node.id(), slot, binding);
            }
        }
    }

    /** Says where an operand of a node lives. */
    void bind(String node, int slot, SlotBinding binding) {
        slots.computeIfAbsent(place(node), key -> new LinkedHashMap<>()).put(slot, binding);
    }

    /** Says that an attribute of a node follows from operands of the native operator. */
    void imply(String node, String attribute) {
        implied.computeIfAbsent(place(node), key -> new LinkedHashSet<>()).add(attribute);
    }

    /** Says what must follow when a node was edited. */
    void refit(String node, Refit refit) {
        refits.put(place(node), refit);
    }

    private int place(String node) {
        for (int i = 0; i < nodes.size(); i++) {
            if (nodes.get(i).outputs().contains(node)) {
                return i;
            }
        }
        throw new IllegalStateException("no node makes '" + node + "'");
    }

    /** Whether one of the nodes makes a value that has no final name yet. */
    boolean makes(String value) {
        return nodes.stream().anyMatch(node -> node.outputs().contains(value)) && !renamed.containsKey(value);
    }

    /** Gives a value its final name. */
    void rename(String value, String name) {
        renamed.put(value, name);
    }

    /** Adds a node of whose operands nobody says where they live. */
    void addUnbound(Node node) {
        nodes.add(node);
    }

    /** Drops what was made. */
    void clear() {
        nodes.clear();
        slots.clear();
        implied.clear();
        refits.clear();
        renamed.clear();
    }

    /** The nodes under their final names. */
    List<Node> nodes() {
        return nodes.stream()
                .map(node -> new Node(
                        node.domain(), node.operator(), names(node.inputs()), names(node.outputs()), node.attributes()))
                .toList();
    }

    private List<String> names(List<String> before) {
        return before.stream().map(name -> renamed.getOrDefault(name, name)).toList();
    }

    /** Bindings of the nodes that have one, by final id. */
    Map<String, NodeBinding> bindings() {
        Map<String, NodeBinding> bindings = new LinkedHashMap<>();
        List<Node> last = nodes();
        for (int i = 0; i < last.size(); i++) {
            bindings.put(
                    last.get(i).id(),
                    new NodeBinding(
                            slots.getOrDefault(i, Map.of()),
                            implied.getOrDefault(i, Set.of()),
                            Optional.ofNullable(refits.get(i))));
        }
        return bindings;
    }
}
