package io.espalier.adapter.dl4j.train;

/** Hears of losses while a network is trained, for instance to tell them as events. */
@FunctionalInterface
public interface TrainingLosses {

    /**
     * Takes a loss; returns quickly, since training waits.
     *
     * @param step updates of the weights before this one, over all epochs
     * @param epoch the epoch the update belongs to, from 1
     * @param loss the score of the network on the examples of the update, regularisation included
     */
    void loss(long step, long epoch, double loss);
}
