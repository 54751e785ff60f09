package io.espalier.training;

import io.espalier.engine.evaluate.ChosenMetric;
import io.espalier.engine.evaluate.MetricChoice;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.data.BatchOptions;
import io.espalier.spi.data.BatchOptions.Remainder;
import io.espalier.spi.data.Batches;
import java.util.Optional;

/**
 * What a model is trained on.
 *
 * @param examples all examples of an epoch
 * @param validation examples that measure the model after each epoch; they take no part in training
 * @param metric what is measured
 */
public record TrainingData(Batches examples, Optional<Batches> validation, Optional<ChosenMetric> metric) {

    /** The data with the metric that fits it. */
    public static TrainingData of(Batches examples, Optional<Batches> validation, MetricChoice metrics) {
        return new TrainingData(examples, validation, metrics.on(validation.orElse(examples), true));
    }

    /**
     * The batches of an epoch; examples that do not fill the last one wait for another epoch.
     *
     * @param most examples in a batch; fewer when there are not so many
     * @param seed shuffles the examples
     */
    Batches epoch(int most, long seed) {
        int size = (int) Math.min(most, examples.examples());
        Batches batches =
                examples.with(BatchOptions.of(size).with(Remainder.DROP).shuffled(seed));
        if (batches.count() == 0) {
            throw new InvalidInputException("The model takes batches of " + batches.size()
                    + " examples, but the training data holds " + examples.examples()
                    + "; give more, or export the model with an open batch.");
        }
        return batches;
    }
}
