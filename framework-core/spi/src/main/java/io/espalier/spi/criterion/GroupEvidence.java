package io.espalier.spi.criterion;

import io.espalier.spi.Stability;
import java.util.List;

/**
 * Evidence by group of coupled channels. Thread-safe.
 *
 * @param <T> what is known of a group in one place of the graph
 */
@FunctionalInterface
@Stability(value = Stability.Level.EVOLVING, since = "0.3.0")
public interface GroupEvidence<T> {

    /**
     * What is known of a group, in the order of the graph.
     *
     * @param group a group of the run, from {@link ScoringContext#groups()}
     * @return empty when nothing was measured of it
     */
    List<T> of(ChannelGroup group);
}
