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
record TrainingWatch(RunContext context, LossEvents losses, Consumer<EpochResult> epochs) {

    /**
     * Tells of an epoch that has ended.
     *
     * @param steps how many steps were made
     */
    void heard(EpochResult epoch, long steps) {
        losses.ended(epoch, steps);
        epochs.accept(epoch);
    }
}
