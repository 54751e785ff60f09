package io.espalier.training;

import io.espalier.engine.allocate.Target;
import io.espalier.engine.run.NetworkCut;
import io.espalier.engine.run.NetworkCuts;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.graph.Graph;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The cuts of a training, with those that were made already. Not thread-safe. */
final class Cuts {

    private final NetworkCuts schedule;
    private final long length;
    private final List<Long> moments;
    private final List<Made> made = new ArrayList<>();

    /**
     * A cut that was made.
     *
     * @param at steps that were over then
     * @param record from which it can be made again
     */
    record Made(long at, byte[] record) {}

    /**
     * The way to the next cut.
     *
     * @param from steps that are over when it begins
     * @param to steps that are over at the cut
     * @param target what the cut is to leave
     */
    record Stretch(long from, long to, Target target) {}

    /**
     * Cuts of which none was made.
     *
     * @param length steps of the whole training
     */
    Cuts(NetworkCuts schedule, long length) {
        this.schedule = schedule;
        this.length = length;
        this.moments = new ArrayList<>(schedule.moments(length));
    }

    /**
     * The steps in which a regularizer prepares the network for the next cut, or, where none is made, for a cut after training.
     *
     * @param from steps that are over
     * @param whole what is to be left where the schedule does not say
     * @param goesBack whether training goes back after each cut, so that each has a way of its own
     * @return empty when there is no such step
     */
    Optional<Stretch> ahead(long from, Target whole, boolean goesBack) {
        if (moments.isEmpty()) {
            return Optional.of(new Stretch(from, length, whole));
        }
        if (!isOpen()) {
            return Optional.empty();
        }
        int next = made.size();
        long to = Math.min(length, moments.get(next));
        int last = goesBack ? next : moments.lastIndexOf(moments.get(next));
        return from < to
                ? Optional.of(new Stretch(from, to, schedule.target(last).orElse(whole)))
                : Optional.empty();
    }

    /**
     * Makes sure that there is something to prepare for.
     *
     * @throws InvalidInputException when all cuts come before training
     */
    void requirePreparable() {
        if (!moments.isEmpty() && moments.get(moments.size() - 1) == 0) {
            throw new InvalidInputException(
                    "A regularizer has nothing to do before training; cut later, or leave it out.");
        }
    }

    /** Whether a cut is to be made. */
    private boolean isOpen() {
        return made.size() < moments.size();
    }

    /**
     * Looks at a network between two cuts: whether the next may come before its moment. A schedule that decides on choices of channels
     * decides itself, for others the patience with the network does.
     *
     * @param network what training has come to after an epoch
     * @param isOutOfPatience whether it has not become better for too long
     * @param over steps that are over
     */
    boolean isSettled(Supplier<Graph> network, boolean isOutOfPatience, long over) {
        return isOpen() && !isDue(over) && (schedule.observes() ? schedule.isSettled(network.get()) : isOutOfPatience);
    }

    /** Makes the next cut due before its moment. */
    void makeDue(long over) {
        moments.set(made.size(), over);
    }

    /** The choices that the schedule has seen since the last cut. */
    List<byte[]> choices() {
        return schedule.choices();
    }

    /** Goes on with choices that were seen before. */
    void restore(List<byte[]> choices) {
        schedule.restore(choices);
    }

    /** Whether a cut is to be made when so many steps are over. */
    boolean isDue(long over) {
        return isOpen() && moments.get(made.size()) <= over;
    }

    /** Whether a cut is to be made before so many steps are over. */
    boolean isOpenBefore(long steps) {
        return isOpen() && moments.get(made.size()) < steps;
    }

    /**
     * Makes the next cut.
     *
     * @param over steps that are over
     */
    NetworkCut next(Graph network, long over) {
        NetworkCut cut = schedule.next(network, over);
        made.add(new Made(over, cut.record()));
        return cut;
    }

    /** Makes the next cut as it was made before. */
    NetworkCut again(Graph network, Made before) {
        NetworkCut cut = schedule.again(network, before.record(), before.at());
        made.add(before);
        return cut;
    }

    /** The cuts that were made, in order. */
    List<Made> made() {
        return List.copyOf(made);
    }

    /** The last of them. */
    Optional<Made> last() {
        return made.isEmpty() ? Optional.empty() : Optional.of(made.get(made.size() - 1));
    }
}
