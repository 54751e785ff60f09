/** Regularizers: penalties on coupled channels, zero-invariant groups, and soft pruning. */
package io.espalier.plugin.regularizers;
