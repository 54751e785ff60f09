/**
 * Coupling analysis: which positions of which parameters must be removed together.
 *
 * <p>Every position that could be removed has a label. The walk over the graph does to labels what the operators do to
 * elements, and joins labels that must be removed together; the classes that remain are what can be decided
 * independently. Start with {@link io.espalier.engine.coupling.Analysis}, which infers shapes and analyses a graph; its
 * {@link io.espalier.engine.coupling.Coupling} is the immutable result. The packages build on each other in this order:
 *
 * <ul>
 *   <li>{@code label}: labels, the axes they lie on, and the union-find that joins them;
 *   <li>{@code propagate}: what operators do to labels;
 *   <li>this package: the analysis as a whole and its result;
 *   <li>{@code channel}: coupled channels, what a removal leaves, and how the original is masked to match it;
 *   <li>{@code explain}: why an axis is coupled with others, or cannot be pruned.
 * </ul>
 */
package io.espalier.engine.coupling;
