package io.espalier.cli;

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
                            + " file that computes one number from outputs and labels (default: cross-entropy, or what the criterion is made for);"
                            + " 'espalier plugins list -v' shows all with their options.")
    String typed;

    boolean isGiven() {
        return typed != null;
    }

    /** The name of the loss, or of the file. */
    String name() {
        return Setting.of(NAME, typed).name();
    }

    Map<String, String> options() {
        return Setting.of(NAME, typed).options();
    }
}
