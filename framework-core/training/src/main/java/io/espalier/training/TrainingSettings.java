package io.espalier.training;

import io.espalier.engine.loss.ChosenLoss;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How a model is trained.
 *
 * @param epochs how often all examples are seen, at least 1
 * @param batch examples of a step, at least 1; a model with a fixed batch overrides it
 * @param loss what is minimised
 * @param optimizer how weights follow gradients
 * @param rate the largest learning rate; empty for that of the optimizer
 * @param schedule how it changes
 * @param decay weight decay, at least 0
 * @param clip the longest gradient of all weights together; 0 for any
 * @param accumulate batches whose gradients are averaged for a step, at least 1
 * @param average share of the last averaged weights that is kept after a step; 0 to take the last weights
 * @param augmentation how images are changed
 * @param patience epochs without a better measure on validation data after which training ends; 0 for any number
 * @param trainable patterns of the names of weights that are trained; empty for all
 * @param seed decides the order of examples and everything random
 * @param threads worker threads, at least 1
 * @param regularizer what draws weights towards a network that can be pruned
 */
public record TrainingSettings(
        int epochs,
        int batch,
        ChosenLoss loss,
        ChosenOptimizer optimizer,
        OptionalDouble rate,
        RateSchedule schedule,
        double decay,
        double clip,
        int accumulate,
        double average,
        Augmentation augmentation,
        int patience,
        List<String> trainable,
        long seed,
        int threads,
        Optional<ChosenRegularizer> regularizer) {

    public TrainingSettings {
        trainable = List.copyOf(trainable);
    }

    /** The largest learning rate. */
    double highestRate() {
        return rate.orElseGet(() -> optimizer.optimizer().defaultRate());
    }

    /** All that decides the numbers, in text. */
    String text() {
        return String.join(
                "\n",
                "epochs " + epochs + ", batch " + batch,
                "loss " + loss.loss().name() + " " + loss.options().asMap(),
                "optimizer " + optimizer.label() + ", rate " + highestRate() + ", decay " + decay,
                "schedule " + schedule.shape() + " " + schedule.options().asMap(),
                "clip " + clip + ", accumulate " + accumulate + ", average " + average,
                augmentation.toString(),
                "patience " + patience + ", trainable " + trainable + ", seed " + seed + ", threads " + threads
                        + regularizer
                                .map(each -> "\nregularizer " + each.label())
                                .orElse(""));
    }
}
