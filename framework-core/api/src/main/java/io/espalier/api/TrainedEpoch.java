package io.espalier.api;

import io.espalier.spi.Stability;
import io.espalier.training.EpochResult;
import java.util.Optional;

/**
 * What an epoch of training gave.
 *
 * @param number which epoch, from 1
 * @param epochs how many there are to be
 * @param loss the mean loss of its batches, before the step of each
 * @param training what the metric says of the outputs in training
 * @param validation what it says of the model after the epoch, on examples that were held back
 * @param learningRate the learning rate of its last step
 * @param seconds how long it took
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.3.0")
public record TrainedEpoch(
        int number,
        int epochs,
        double loss,
        Optional<Evaluation> training,
        Optional<Evaluation> validation,
        double learningRate,
        double seconds) {

    static TrainedEpoch of(EpochResult epoch) {
        return new TrainedEpoch(
                epoch.number(),
                epoch.epochs(),
                epoch.loss(),
                epoch.training().map(Evaluation::of),
                epoch.validation().map(Evaluation::of),
                epoch.rate(),
                epoch.seconds());
    }
}
