package io.espalier.training;

import io.espalier.spi.optimizer.Optimizer;
import io.espalier.spi.option.Options;
import java.util.stream.Collectors;

/**
 * An optimizer with its options.
 *
 * @param options validated options of the optimizer
 */
public record ChosenOptimizer(Optimizer optimizer, Options options) {

    /** The optimizer where none was asked for. */
    public static final String DEFAULT = "adamw";

    /** The name of the optimizer with its options, such as {@code sgd momentum=0.9 nesterov=true}. */
    String label() {
        return options.asMap().entrySet().stream()
                .map(option -> " " + option.getKey() + "=" + option.getValue())
                .collect(Collectors.joining("", optimizer.name(), ""));
    }
}
