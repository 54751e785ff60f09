package io.espalier.spi.regularizer;

import io.espalier.spi.Stability;
import java.util.Map;

/**
 * A regularizer at work in one training. What it keeps between calls lies in the arrays of {@link #state}, so that a training that
 * was interrupted goes on with the same numbers. Not thread-safe; the same calls give the same bits.
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.3.0")
public interface RegularizerWorker {

    /** What is kept between calls, by name: always the same arrays, whose elements a checkpoint puts back. */
    default Map<String, float[]> state() {
        return Map.of();
    }

    /**
     * The penalty on the weights, with whatever the last call of {@link #addGradient} has found for its factors; 0 where there is
     * none.
     */
    default double penalty(Map<String, float[]> weights) {
        return 0;
    }

    /** Adds the gradient of the penalty to that of the loss, before the update. */
    default void addGradient(RegularizerStep step) {}

    /** Whether {@link #afterStep} compares the weights with those before the update. */
    default boolean comparesSteps() {
        return false;
    }

    /**
     * Whether the network is ready for the cut, so that it may come before its moment. After the last step it always is.
     *
     * @param updates how many updates there have been
     */
    default boolean isPrepared(long updates) {
        return true;
    }

    /** Changes weights after the update. */
    default void afterStep(RegularizerStep step) {}

    /**
     * Changes weights after an epoch.
     *
     * @param epoch how many epochs have ended, from 1
     */
    default void endEpoch(int epoch, Map<String, float[]> weights) {}
}
