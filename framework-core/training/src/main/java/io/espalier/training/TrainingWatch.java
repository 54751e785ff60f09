package io.espalier.training;

import io.espalier.spi.RunContext;
import java.util.function.Consumer;

/**
 * Who hears of training.
 *
 * @param context cancellation, progress and randomness
 * @param losses takes the loss of each step
 * @param epochs hears of each epoch when it has ended
 */
record TrainingWatch(RunContext context, LossEvents losses, Consumer<EpochResult> epochs) {}
