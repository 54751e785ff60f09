package io.espalier.adapter.onnx.lift;

/** Where an input slot of a neutral node lies in the native node. */
public sealed interface SlotBinding {

    /** An input of the native node, perhaps at another index. */
    record Input(int index) implements SlotBinding {}

    /** An attribute of the native node. */
    record FromAttribute(String name, AttributeForm form) implements SlotBinding {}

    /** Nowhere: it follows from the rest of the native node. */
    record Implied() implements SlotBinding {}
}
