package io.espalier.spi.schedule;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.RunContext;
import io.espalier.spi.Stability;
import io.espalier.spi.option.Options;
import io.espalier.spi.provider.Noun;
import io.espalier.spi.provider.Provider;
import java.util.List;

/**
 * Decides when a network is cut while it is trained, and how far each cut goes.
 *
 * <p>Time is counted in whatever the trainer counts, iterations or epochs: a cut at 0 comes before training, a cut at the
 * length of training comes after it, any other in between. The trainer scores, allocates and operates anew at every step.
 * Stateless and thread-safe; equal arguments give equal steps.
 */
@Noun("schedule")
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public interface PruningSchedule extends Provider {

    /**
     * The cuts of one training.
     *
     * @param length iterations or epochs of the whole training; 0 when there is none, and all cuts follow each other
     * @param remaining what the target leaves, as a share of the unpruned network: above 0, below 1
     * @param options validated options of the schedule
     * @return at least one step, from 0 to {@code length}, neither going back in time nor in progress; the last one has
     *     progress 1
     * @throws InvalidInputException when options contradict each other
     */
    List<PruningStep> steps(long length, double remaining, Options options, RunContext context);

    /**
     * Whether the moments of {@link #steps} are the latest, and cuts come earlier when the choice of channels has settled. Looking at
     * choices costs a scoring after each epoch.
     */
    default boolean observes() {
        return false;
    }

    /**
     * Whether the next cut is made now. Asked after each epoch of a schedule that {@linkplain #observes() observes}.
     *
     * @param choices what that cut would have removed after each epoch since the cut before it, the last epoch last; never empty
     * @param options validated options of the schedule
     */
    default boolean isSettled(List<ChannelChoice> choices, Options options) {
        return false;
    }
}
