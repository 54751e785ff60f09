package io.espalier.adapter.tflite.lift;

import io.espalier.adapter.tflite.edit.NativeEdit;
import java.util.List;
import java.util.OptionalLong;

/**
 * Numbers that a {@code PACK} joins into a vector when the model runs, as converters write the extents of a result whose
 * batch is open.
 *
 * @param operator index of the {@code PACK} in the main graph
 * @param numbers each number, where it is constant
 */
record PackedNumbers(int operator, List<OptionalLong> numbers) {

    int size() {
        return numbers.size();
    }

    long constant(int slot) {
        return numbers.get(slot)
                .orElseThrow(() -> new NotLiftedException("number " + slot + " of its first operand is computed"));
    }

    void set(NativeEdit edit, int slot, long number) {
        edit.setNumbers(operator, slot, number);
    }
}
