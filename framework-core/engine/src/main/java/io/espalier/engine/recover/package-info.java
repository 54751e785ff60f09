/**
 * Recovering weights after the cut without training: the way in is
 * {@link io.espalier.engine.recover.SequentialRefit}, which walks the pruned graph and fits one weight after the other to
 * what the original computed.
 */
package io.espalier.engine.recover;
