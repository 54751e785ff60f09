package io.espalier.adapter.tflite.edit;

/** Where an input slot of a neutral node lives. */
public sealed interface SlotBinding {

    /**
     * An operand of a native operator.
     *
     * @param operator index of the operator in the main graph
     * @param slot its operand
     * @param part what of the operand's tensor
     */
    record Operand(int operator, int slot, Part part) implements SlotBinding {}

    /** Nowhere: it follows from other operands of the native operator. */
    record Implied() implements SlotBinding {}
}
