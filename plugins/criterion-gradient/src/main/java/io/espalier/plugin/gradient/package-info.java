/** Criteria that score by gradients of a loss: {@code taylor}, {@code jacobian}, {@code snip}. */
package io.espalier.plugin.gradient;
