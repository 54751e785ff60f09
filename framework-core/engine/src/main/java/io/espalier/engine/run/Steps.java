package io.espalier.engine.run;

import java.util.Optional;

/**
 * How often channels are scored.
 *
 * @param number number of cuts, at least 1: each removes the same share of what it finds, and is scored on the network that the
 *     one before left
 * @param statistics what brings running statistics up to date before each scoring, for the scores alone
 */
public record Steps(int number, Optional<Repair> statistics) {

    /** One cut with the statistics of the file. */
    public static final Steps ONE = new Steps(1, Optional.empty());
}
