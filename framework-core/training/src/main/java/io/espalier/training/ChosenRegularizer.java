package io.espalier.training;

import io.espalier.engine.allocate.Target;
import io.espalier.spi.option.Options;
import io.espalier.spi.regularizer.Regularizer;

/**
 * A regularizer with its options.
 *
 * @param options validated options of the regularizer
 * @param target what the cut is to leave that training prepares for
 */
public record ChosenRegularizer(Regularizer regularizer, Options options, Target target) {

    /** What it does, in text. */
    String label() {
        return regularizer.name() + " " + options.asMap() + " for " + target;
    }
}
