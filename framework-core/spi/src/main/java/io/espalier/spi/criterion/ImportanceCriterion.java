package io.espalier.spi.criterion;

import io.espalier.spi.Stability;
import io.espalier.spi.loss.NamedLoss;
import io.espalier.spi.provider.Noun;
import io.espalier.spi.provider.Provider;
import java.util.Set;

/**
 * Says how important channels are; a higher score means more important.
 *
 * <p>A criterion implements one of the two forms: {@link SliceCriterion} scores slices of parameters one parameter at a
 * time, {@link ChannelCriterion} scores whole coupled channels. The services file has the name of this interface for
 * both. Stateless and thread-safe; scores are finite, accumulated in double, and do not depend on the order of calls.
 * Scores that are equal for all channels of every group say nothing and end the run with an error.
 */
@Noun("criterion")
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public sealed interface ImportanceCriterion extends Provider permits SliceCriterion, ChannelCriterion {

    /**
     * What the criterion needs besides the graph and its weights. The engine collects it before it asks for scores, and
     * refuses the run, with the reason, when it cannot. By default nothing is needed.
     */
    default Set<Evidence<?>> evidence() {
        return Set.of();
    }

    /**
     * The loss that a criterion of gradients is made for; it is taken where the user names none. By default the cross-entropy.
     */
    default NamedLoss loss() {
        return NamedLoss.CROSS_ENTROPY;
    }
}
