package io.espalier.adapter.onnx.lift;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The values a graph can read: its own and those of the graphs around it, from native to neutral name. */
final class Scope {

    private final Scope outer;
    private final Map<String, String> names = new HashMap<>();

    Scope(Scope outer) {
        this.outer = outer;
    }

    /** Adds a value of this graph; false when the graph has one of that name already. */
    boolean define(String name, String neutral) {
        return names.putIfAbsent(name, neutral) == null;
    }

    /** The neutral name of a value that can be read here. */
    Optional<String> resolve(String name) {
        String neutral = names.get(name);
        if (neutral != null || outer == null) {
            return Optional.ofNullable(neutral);
        }
        return outer.resolve(name);
    }
}
