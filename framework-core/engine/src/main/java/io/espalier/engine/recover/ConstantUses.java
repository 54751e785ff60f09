package io.espalier.engine.recover;

import io.espalier.spi.graph.GraphIndex;
import io.espalier.spi.graph.GraphIndex.Reader;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds where constants meet data, perhaps after nodes have moved or scaled their elements. Not thread-safe. */
final class ConstantUses {

    private final GraphIndex index;
    private final Set<String> varying;
    private final Set<String> nodes = new HashSet<>();
    private final Map<String, Optional<Set<Use>>> known = new HashMap<>();

    /** An input slot of a node that reads data too. */
    record Use(String node, int slot) {}

    /**
     * Looks into a graph.
     *
     * @param varying values that depend on its inputs
     */
    ConstantUses(GraphIndex index, Set<String> varying) {
        this.index = index;
        this.varying = varying;
        index.graph().nodes().forEach(node -> nodes.add(node.id()));
    }

    /** All uses of a constant; empty when a graph returns it, or when a body reads it. */
    Optional<Set<Use>> of(String constant) {
        return known.computeIfAbsent(constant, this::find);
    }

    private Optional<Set<Use>> find(String constant) {
        Set<Use> uses = new HashSet<>();
        Set<String> seen = new HashSet<>(Set.of(constant));
        Deque<String> waiting = new ArrayDeque<>(seen);
        while (!waiting.isEmpty()) {
            String value = waiting.remove();
            if (index.isReturned(value) || isCaptured(value)) {
                return Optional.empty();
            }
            for (Reader reader : index.readers(value)) {
                if (reader.node().outputs().stream().anyMatch(varying::contains)) {
                    uses.add(new Use(reader.node().id(), reader.slot()));
                } else {
                    reader.node().outputs().stream().filter(seen::add).forEach(waiting::add);
                }
            }
        }
        return Optional.of(uses);
    }

    private boolean isCaptured(String value) {
        return index.readers(value).stream()
                .anyMatch(reader -> !nodes.contains(reader.node().id()));
    }

    /** Whether a constant is used in one slot and nowhere else. */
    boolean isOnly(String constant, String node, int slot) {
        return of(constant).equals(Optional.of(Set.of(new Use(node, slot))));
    }
}
