package io.espalier.adapter.tflite.edit;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where a neutral node lives.
 *
 * @param slots bindings of its operands
 * @param implied attributes that follow from operands
 * @param refit what must follow when the node was edited
 */
public record NodeBinding(Map<Integer, SlotBinding> slots, Set<String> implied, Optional<Refit> refit) {

    public NodeBinding {
        slots = Map.copyOf(slots);
        implied = Set.copyOf(implied);
    }
}
