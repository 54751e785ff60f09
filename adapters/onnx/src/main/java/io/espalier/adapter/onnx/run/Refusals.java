package io.espalier.adapter.onnx.run;

import ai.onnxruntime.OrtException;
import io.espalier.spi.execution.ExecutionException;

/** What the runtime says when it refuses a model or its inputs. */
final class Refusals {

    private Refusals() {}

    /** The first line of the runtime's message. */
    static ExecutionException of(OrtException cause) {
        String message = String.valueOf(cause.getMessage());
        return new ExecutionException(message.lines().findFirst().orElse(message), cause);
    }
}
