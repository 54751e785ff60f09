package io.espalier.adapter.onnx.run;

import ai.onnxruntime.OrtException;
import io.espalier.spi.execution.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the runtime says when it refuses a model or its inputs. */
final class Refusals {

    private static final Pattern MISSING =
            Pattern.compile("([\\w.]*):(\\w+)\\(-?\\d+\\) is not a registered function/op");

    private Refusals() {}

    /** The first line of the runtime's message. */
    static ExecutionException of(OrtException cause) {
        String message = String.valueOf(cause.getMessage());
        Matcher missing = MISSING.matcher(message);
        return new ExecutionException(
                missing.find()
                        ? "onnxruntime has no operator '" + missing.group(1) + "." + missing.group(2)
                                + "': the library that adds it is not here"
                        : message.lines().findFirst().orElse(message),
                cause);
    }
}
