package io.espalier.engine.loss;

import io.espalier.spi.loss.Loss;
import io.espalier.spi.option.Options;

/**
 * A loss with its options.
 *
 * @param options validated options of the loss
 */
public record ChosenLoss(Loss loss, Options options) {}
