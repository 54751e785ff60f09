package io.espalier.adapter.onnx.run;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtException.OrtErrorCode;
import io.espalier.spi.execution.BrokenModelException;
import io.espalier.spi.execution.ExecutionException;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the runtime says when it refuses a model or its inputs. */
final class Refusals {

    private static final Pattern MISSING =
            Pattern.compile("([\\w.]*):(\\w+)\\(-?\\d+\\) is not a registered function/op");

    /** The operator exists, but not in the version that the opset of the file asks for. */
    private static final String NO_VERSION = "No Op registered for";

    private static final Set<OrtErrorCode> BROKEN =
            Set.of(OrtErrorCode.ORT_INVALID_GRAPH, OrtErrorCode.ORT_INVALID_PROTOBUF);

    /** How the inference of types and shapes marks what contradicts itself; its code says no more than that it failed. */
    private static final Pattern CONTRADICTION =
            Pattern.compile("\\[(?:Type|Shape)InferenceError]|This is an invalid model|Type Error:");

    private Refusals() {}

    /** The first line of the runtime's message about a model that it does not run on some inputs. */
    static ExecutionException of(OrtException cause) {
        return new ExecutionException(text(cause), cause);
    }

    /** The first line of the runtime's message about a model that it does not load. */
    static ExecutionException loading(OrtException cause) {
        return isBroken(cause) ? new BrokenModelException(text(cause), cause) : of(cause);
    }

    private static boolean isBroken(OrtException cause) {
        String message = String.valueOf(cause.getMessage());
        boolean lacking = cause.getCode() == OrtErrorCode.ORT_NOT_IMPLEMENTED
                || MISSING.matcher(message).find()
                || message.contains(NO_VERSION);
        return !lacking
                && (BROKEN.contains(cause.getCode())
                        || CONTRADICTION.matcher(message).find());
    }

    private static String text(OrtException cause) {
        String message = String.valueOf(cause.getMessage());
        Matcher missing = MISSING.matcher(message);
        return missing.find()
                ? "onnxruntime has no operator '" + missing.group(1) + "." + missing.group(2)
                        + "': the library that adds it is not here"
                : message.lines().findFirst().orElse(message);
    }
}
