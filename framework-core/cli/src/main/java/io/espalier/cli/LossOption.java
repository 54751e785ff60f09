package io.espalier.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** What gradients are taken of. */
final class LossOption {

    /** The option, as typed. */
    static final String NAME = "--loss";

    @Option(
            names = NAME,
            paramLabel = "NAME[:OPTION=VALUE,...]",
            description =
                    "What gradients are taken of: a loss such as cross-entropy:smoothing=0.1, mse or huber, or a model"
                            + " file that computes one number from outputs and labels (default: cross-entropy);"
                            + " 'espalier plugins list -v' shows all with their options.")
    String typed;

    boolean isGiven() {
        return typed != null;
    }

    /** The name of the loss, or of the file. */
    String name() {
        return typed.substring(0, end());
    }

    Map<String, String> options() {
        Map<String, String> options = new LinkedHashMap<>();
        if (end() < typed.length()) {
            for (String option : List.of(typed.substring(end() + 1).split(","))) {
                int sign = option.indexOf('=');
                if (sign < 1) {
                    throw Failure.usage(NAME + " has the option '" + option + "'; write options as NAME=VALUE");
                }
                options.put(option.substring(0, sign), option.substring(sign + 1));
            }
        }
        return options;
    }

    /** Where the name ends: a colon is part of it, as in C:\\loss.onnx, unless what follows holds an option. */
    private int end() {
        int sign = typed.indexOf('=');
        int colon = sign < 0 ? typed.length() : typed.lastIndexOf(':', sign);
        return colon < 0 ? typed.length() : colon;
    }
}
