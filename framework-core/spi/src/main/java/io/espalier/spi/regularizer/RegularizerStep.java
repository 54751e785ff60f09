package io.espalier.spi.regularizer;

import io.espalier.spi.Stability;
import java.util.Map;

/**
 * One update of the weights. Arrays are those of the training, by name of the weight.
 *
 * @param number how many updates there are up to this one, from 1
 * @param rate the learning rate of this update
 * @param weights the weights
 * @param gradients the gradient of the loss; after the update an optimizer may have overwritten it
 * @param previous the weights before the update; before it, and for workers that do not ask for them, empty
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.3.0")
public record RegularizerStep(
        long number,
        double rate,
        Map<String, float[]> weights,
        Map<String, float[]> gradients,
        Map<String, float[]> previous) {}
