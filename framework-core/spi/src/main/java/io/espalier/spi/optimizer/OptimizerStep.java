package io.espalier.spi.optimizer;

import io.espalier.spi.Stability;
import io.espalier.spi.option.Options;

/**
 * One step of training.
 *
 * @param options validated options of the optimizer
 * @param number how many steps there are up to this one, from 1
 * @param rate the learning rate of this step
 * @param decay the share of a weight that pulls it towards 0; 0 for weights that are not to decay
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.3.0")
public record OptimizerStep(Options options, long number, double rate, double decay) {}
