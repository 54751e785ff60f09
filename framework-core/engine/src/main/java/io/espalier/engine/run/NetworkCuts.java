package io.espalier.engine.run;

import io.espalier.engine.allocate.Target;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.graph.Graph;
import java.util.List;
import java.util.Optional;

/** The cuts of a network that is trained, one after the other. Not thread-safe. */
public interface NetworkCuts {

    /** Training without cuts. */
    NetworkCuts NONE = new NetworkCuts() {
        @Override
        public List<Long> moments(long length) {
            return List.of();
        }

        @Override
        public NetworkCut next(Graph network, long over) {
            throw new IllegalStateException("there is no cut in training without cuts");
        }

        @Override
        public NetworkCut again(Graph network, byte[] record, long over) {
            throw new IllegalStateException("there is no cut in training without cuts");
        }

        @Override
        public List<Edit> edits() {
            return List.of();
        }
    };

    /**
     * When cuts are made: for each the steps of training that are over then, in ascending order. Several may share a moment.
     *
     * @param length steps of the whole training
     */
    List<Long> moments(long length);

    /**
     * What a cut is to leave of the network that the cuts so far have left; empty where that is not known before.
     *
     * @param cut which, from 0; none before those that were made
     */
    default Optional<Target> target(int cut) {
        return Optional.empty();
    }

    /**
     * Makes the next cut: scores the network as it is, removes what the schedule asks for, and proves it.
     *
     * @param network what training has come to; the network of the cut before with other weights
     * @param over steps of training that are over
     * @throws InvalidInputException when the network cannot be cut, or not as far
     */
    NetworkCut next(Graph network, long over);

    /**
     * Makes the next cut as it was made before a training was interrupted.
     *
     * @param record the record of that cut
     * @param over steps of training that were over then
     * @throws InvalidInputException when it was made in another network
     */
    NetworkCut again(Graph network, byte[] record, long over);

    /** Whether channels are to be chosen after each epoch, because the choices decide when cuts are made. */
    default boolean observes() {
        return false;
    }

    /**
     * Chooses channels for the next cut without making it, and remembers the choice until that is made.
     *
     * @param network what training has come to after an epoch
     * @return whether the cut is to be made now, before its moment
     */
    default boolean isSettled(Graph network) {
        return false;
    }

    /** The choices that are remembered, for a training that goes on later. */
    default List<byte[]> choices() {
        return List.of();
    }

    /** Remembers choices that were made before a training was interrupted, after the cuts of it were made again. */
    default void restore(List<byte[]> choices) {}

    /** The edits of all cuts that were made, in the network that training began with. */
    List<Edit> edits();
}
