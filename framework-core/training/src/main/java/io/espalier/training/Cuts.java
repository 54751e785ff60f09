package io.espalier.training;

import io.espalier.engine.run.NetworkCut;
import io.espalier.engine.run.NetworkCuts;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.graph.Graph;
import java.util.ArrayList;
import java.util.List;

/** The cuts of a training, with those that were made already. Not thread-safe. */
final class Cuts {

    private final NetworkCuts schedule;
    private final List<Long> moments;
    private final List<byte[]> records = new ArrayList<>();

    /**
     * Cuts of which none was made.
     *
     * @param length steps of the whole training
     */
    Cuts(NetworkCuts schedule, long length) {
        this.schedule = schedule;
        this.moments = List.copyOf(schedule.moments(length));
    }

    /**
     * The steps in which a regularizer prepares the network for its cut.
     *
     * @param length steps of the whole training, where none is cut
     * @throws InvalidInputException when there are several cuts, or one before training
     */
    long prepared(long length) {
        if (moments.size() > 1) {
            throw new InvalidInputException("A regularizer prepares for one cut, and the schedule makes "
                    + moments.size() + "; cut at the end with --when after, or choose --schedule one-shot.");
        }
        long moment = moments.isEmpty() ? length : Math.min(length, moments.get(0));
        if (moment == 0) {
            throw new InvalidInputException(
                    "A regularizer has nothing to do before training; cut later, or leave it out.");
        }
        return moment;
    }

    /** Whether a cut is to be made when so many steps are over. */
    boolean isDue(long over) {
        return records.size() < moments.size() && moments.get(records.size()) <= over;
    }

    /** Whether a cut is to be made before so many steps are over. */
    boolean isOpenBefore(long steps) {
        return records.size() < moments.size() && moments.get(records.size()) < steps;
    }

    /** Makes the next cut. */
    NetworkCut next(Graph network) {
        return recorded(schedule.next(network));
    }

    /** Makes the next cut as it was made before. */
    NetworkCut again(Graph network, byte[] record) {
        return recorded(schedule.again(network, record));
    }

    private NetworkCut recorded(NetworkCut cut) {
        records.add(cut.record());
        return cut;
    }

    /** The records of the cuts that were made. */
    List<byte[]> records() {
        return List.copyOf(records);
    }
}
