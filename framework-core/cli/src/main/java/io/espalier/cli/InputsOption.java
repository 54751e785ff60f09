package io.espalier.cli;

import io.espalier.api.InputValue;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** Values of inputs of a model. */
final class InputsOption {

    /** The option as typed. */
    static final String NAME = "--input";

    @Option(
            names = NAME,
            paramLabel = "NAME=VALUE|FILE",
            description =
                    "The value of an input that must be known, such as a scale or a size: a number, or an npy or npz"
                            + " file. It remains an input of the pruned model; the plan records it. May be given several times.")
    private Map<String, String> typed = new LinkedHashMap<>();

    /** The values by the name of the input. */
    Map<String, InputValue> values() {
        Map<String, InputValue> values = new LinkedHashMap<>();
        typed.forEach((name, value) -> values.put(name, InputValue.parse(value)));
        return values;
    }
}
