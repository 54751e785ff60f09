package io.espalier.training;

import io.espalier.engine.run.NetworkCut;
import io.espalier.engine.run.NetworkCuts;
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
