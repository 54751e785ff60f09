package io.espalier.training;

import io.espalier.spi.optimizer.Optimizer;
import io.espalier.spi.option.Options;

/**
 * An optimizer with its options.
 *
 * @param options validated options of the optimizer
 */
public record ChosenOptimizer(Optimizer optimizer, Options options) {

    /** The optimizer where none was asked for. */
    public static final String DEFAULT = "adamw";
}
