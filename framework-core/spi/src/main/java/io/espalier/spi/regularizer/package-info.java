/**
 * What draws weights towards a network that can be pruned, while it is trained.
 *
 * <p>A {@link io.espalier.spi.regularizer.Regularizer} starts a {@link io.espalier.spi.regularizer.RegularizerWorker} for one
 * training. The worker sees coupled channels and the elements of weights that each removes, in plain arrays, and no layers: it is
 * the same for any architecture.
 */
package io.espalier.spi.regularizer;
