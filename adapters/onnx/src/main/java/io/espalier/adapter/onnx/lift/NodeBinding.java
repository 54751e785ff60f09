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
public record NodeBinding(NodeRef node, Map<Integer, SlotBinding> slots, Set<String> neutralOnly) {

    public NodeBinding {
        slots = Map.copyOf(slots);
        neutralOnly = Set.copyOf(neutralOnly);
    }

    /** The binding of an input slot. */
    public SlotBinding slot(int slot) {
        return slots.getOrDefault(slot, new SlotBinding.Input(slot));
    }
}
