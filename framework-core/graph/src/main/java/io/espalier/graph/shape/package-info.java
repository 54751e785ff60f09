/**
 * Symbolic shapes of all values of a graph. The way in is {@link io.espalier.graph.shape.ShapeInference}, or
 * {@code Operators.infer}; the result is {@link io.espalier.graph.shape.Shapes}. An extent is a
 * {@link io.espalier.graph.symbol.Dim}. Small integer tensors are followed
 * element by element ({@link io.espalier.graph.shape.Content}), because models compute shapes; large ones that count
 * positions as a {@link io.espalier.graph.shape.Progression}. A {@link io.espalier.graph.shape.ShapeRule} sees one node
 * through a {@link io.espalier.graph.shape.NodeScope}.
 */
package io.espalier.graph.shape;
