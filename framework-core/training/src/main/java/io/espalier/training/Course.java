package io.espalier.training;

import io.espalier.engine.run.NetworkCuts;
import java.util.OptionalInt;

/**
 * What happens to a network on the way through its training.
 *
 * @param cuts cuts that are made
 * @param rewind the epoch that training goes back to after each cut, 0 for its beginning; empty when it goes on
 */
record Course(NetworkCuts cuts, OptionalInt rewind) {

    /** The network keeps its widths. */
    static final Course PLAIN = new Course(NetworkCuts.NONE, OptionalInt.empty());
}
