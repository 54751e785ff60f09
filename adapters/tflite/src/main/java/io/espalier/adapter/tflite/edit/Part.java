package io.espalier.adapter.tflite.edit;

import io.espalier.adapter.tflite.store.Axes;

/** What of a native tensor a neutral constant holds. */
public sealed interface Part {

    /**
     * Its elements.
     *
     * @param axes for each neutral axis, the native one
     */
    record Data(Axes axes) implements Part {}

    /** The elements of an operand that counts or lists: extents, axes, amounts. */
    record Numbers() implements Part {}

    /** The scales of its quantisation. */
    record Scale() implements Part {}

    /** The zero points of its quantisation. */
    record ZeroPoint() implements Part {}
}
