package io.espalier.adapter.onnx.lift;

import java.util.Map;
import java.util.Set;

/**
 * Where a neutral node lies in the native model.
 *
 * @param node the native node
 * @param slots input slots that lie elsewhere than at their own index
 * @param neutralOnly attributes that the native node's opset does not have
 */
public record NodeHome(NodeRef node, Map<Integer, SlotHome> slots, Set<String> neutralOnly) {

    public NodeHome {
        slots = Map.copyOf(slots);
        neutralOnly = Set.copyOf(neutralOnly);
    }

    /** The home of an input slot. */
    public SlotHome slot(int slot) {
        return slots.getOrDefault(slot, new SlotHome.Input(slot));
    }
}
