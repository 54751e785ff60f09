/**
 * Open models, made complete: what no operator definition tells of the shapes in a graph is measured once, by running the
 * original. Start with {@link io.espalier.engine.open.MeasuredModel}.
 */
package io.espalier.engine.open;
