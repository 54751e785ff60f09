/**
 * How weights follow gradients.
 *
 * <p>An {@link io.espalier.spi.optimizer.Optimizer} changes one weight at a time, in plain arrays, and names the state that it
 * keeps for each element. The state belongs to the caller, who stores it in checkpoints and cuts it with the weights.
 */
package io.espalier.spi.optimizer;
