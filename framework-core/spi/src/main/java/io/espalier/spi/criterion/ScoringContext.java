package io.espalier.spi.criterion;

import io.espalier.spi.RunContext;
import io.espalier.spi.Stability;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.option.Options;
import java.util.List;

/** What a criterion may look at while it scores. Thread-safe. */
@Stability(value = Stability.Level.EVOLVING, since = "0.2.0")
public interface ScoringContext extends RunContext {

    /** The validated options of the criterion. */
    Options options();

    /** The graph that is to be pruned. */
    Graph graph();

    /** All groups of coupled channels of the graph, in its order. Made when first asked for. */
    List<ChannelGroup> groups();

    /**
     * Evidence that the criterion declared.
     *
     * @throws IllegalArgumentException when it declared no such evidence
     */
    <T> T evidence(Evidence<T> kind);
}
