/**
 * Spreading sparsity over a network: which layer loses how much.
 *
 * <p>The way in is {@link io.espalier.spi.allocator.SparsityAllocator}. It sees every group with the scores of its
 * channels and what removing each saves ({@link io.espalier.spi.allocator.ScoredGroup}) and answers with one of three
 * forms of {@link io.espalier.spi.allocator.SparsityAllocation}: pools of groups that are ranked together, a rate for
 * each group, or scores of its own. Meeting the target is the engine's work.
 */
package io.espalier.spi.allocator;
