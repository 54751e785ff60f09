package io.espalier.spi.schedule;

import io.espalier.spi.Stability;

/**
 * One cut of a {@link PruningSchedule}.
 *
 * <p>Several steps may share a moment: the network is then cut again without training in between, but with fresh scores.
 *
 * @param at iterations or epochs that are over when the cut is made; 0 is before training
 * @param progress how much of the way from the unpruned network to the target is done after the cut: above 0, at most 1
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public record PruningStep(long at, double progress) {

    public PruningStep {
        if (at < 0) {
            throw new IllegalArgumentException("a step cannot be at " + at + ", before training begins");
        }
        if (!(progress > 0 && progress <= 1)) {
            throw new IllegalArgumentException("progress is above 0 and at most 1, not " + progress);
        }
    }

    /**
     * What has to remain after this cut, as a share of the unpruned network.
     *
     * @param target what remains at the end, as a share of the unpruned network
     */
    public double remaining(double target) {
        return progress == 1 ? target : 1 - progress * (1 - target);
    }
}
