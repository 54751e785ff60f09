package io.espalier.spi.regularizer;

import io.espalier.spi.Stability;
import io.espalier.spi.provider.Noun;
import io.espalier.spi.provider.Provider;

/**
 * A way to train a network so that coupled channels of it can be removed.
 *
 * <p>Stateless and thread-safe; what is kept between steps belongs to the workers.
 */
@Noun("regularizer")
@Stability(value = Stability.Level.EVOLVING, since = "0.3.0")
public interface Regularizer extends Provider {

    /**
     * Whether the network is trained with compactors: square matrices behind its layers, which begin as identities, mix the channels
     * of each layer, and are merged into the weights before a cut. A row of a compactor makes a channel.
     *
     * @see RegularizerContext#compactors()
     */
    default boolean compacts() {
        return false;
    }

    /**
     * Starts a training.
     *
     * @param context the channels, and how far training is to come
     */
    RegularizerWorker start(RegularizerContext context);
}
