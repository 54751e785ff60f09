/**
 * Losses: what gradients are taken of.
 *
 * <p>A {@link io.espalier.spi.loss.Loss} adds the nodes that compute it to the graph of a model, by way of a {@link
 * io.espalier.spi.loss.LossContext}. It states no gradient: the graph is differentiated.
 */
package io.espalier.spi.loss;
