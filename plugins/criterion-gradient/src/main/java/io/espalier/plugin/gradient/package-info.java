/** Criteria that score by gradients of a loss: {@code taylor}, {@code jacobian}, {@code fisher},
 * {@code obd}, {@code obd-kronecker}, {@code dcp}, {@code gate}, {@code snip}, {@code snap}, {@code grasp}, {@code crop}, {@code synflow}, {@code nisp}. */
package io.espalier.plugin.gradient;
