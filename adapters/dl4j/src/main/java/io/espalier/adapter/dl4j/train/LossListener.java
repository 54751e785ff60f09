package io.espalier.adapter.dl4j.train;

import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;

/**
 * Hands the loss of every so many updates to somebody who tells it.
 *
 * <p>Set it on the network before {@link PrunedTraining} begins, which takes it over to the smaller network after each
 * cut. Not thread-safe.
 */
public final class LossListener extends BaseTrainingListener {

    private final int every;
    private final TrainingLosses losses;

    /**
     * A listener for one training.
     *
     * @param every the first loss is reported, and then that of every so many updates; at least 1
     * @param losses hears of them
     */
    public LossListener(int every, TrainingLosses losses) {
        if (every < 1) {
            throw new IllegalArgumentException("losses are reported every 1 or more updates, not every " + every);
        }
        this.every = every;
        this.losses = losses;
    }

    @Override
    public void iterationDone(Model network, int iteration, int epoch) {
        if (iteration % every == 0) {
            losses.loss(iteration, epoch + 1L, network.score());
        }
    }
}
