package io.espalier.adapter.tflite.lift;

import java.util.List;
import org.tensorflow.lite.schema.ActivationFunctionType;

/** Activations that are fused into other operators. */
final class Activations {

    private Activations() {}

    /** The activated value. */
    static String apply(Draft draft, String value, byte activation) {
        return switch (activation) {
            case ActivationFunctionType.NONE -> value;
            case ActivationFunctionType.RELU -> draft.emit("Relu", List.of(value));
            case ActivationFunctionType.RELU6 -> clip(draft, value, 0, 6);
            case ActivationFunctionType.RELU_N1_TO_1 -> clip(draft, value, -1, 1);
            // The interpreter's kernels know bounds only: they accept a fused TANH and do not apply it.
            default ->
                throw new NotLiftedException(
                        "its fused activation, number " + activation + ", is not what the interpreter computes");
        };
    }

    static String clip(Draft draft, String value, double low, double high) {
        return draft.emit("Clip", List.of(value, draft.scalar(low), draft.scalar(high)));
    }
}
