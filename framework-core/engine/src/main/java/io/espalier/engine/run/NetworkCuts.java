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
        public NetworkCut next(Graph network) {
            throw new IllegalStateException("there is no cut in training without cuts");
        }

        @Override
        public NetworkCut again(Graph network, byte[] record) {
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
     * @throws InvalidInputException when the network cannot be cut, or not as far
     */
    NetworkCut next(Graph network);

    /**
     * Makes the next cut as it was made before a training was interrupted.
     *
     * @param record the record of that cut
     * @throws InvalidInputException when it was made in another network
     */
    NetworkCut again(Graph network, byte[] record);

    /** The edits of all cuts that were made, in the network that training began with. */
    List<Edit> edits();
}
