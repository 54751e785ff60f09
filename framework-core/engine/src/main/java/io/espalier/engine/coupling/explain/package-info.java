/**
 * Explanations: what an axis is coupled with and through which operators, or why nothing can be removed along it.
 *
 * <p>The way in is {@link io.espalier.engine.coupling.explain.AxisExplainer}; its answers are {@link
 * io.espalier.engine.coupling.explain.AxisExplanation}s. The analysis keeps only which labels belong together, not why.
 * So the graph is walked once more with {@code RecordingLabels}, which write down what each operator relates, and {@code
 * CouplingPaths} searches the shortest way from the axis in question to each parameter and barrier.
 */
package io.espalier.engine.coupling.explain;
