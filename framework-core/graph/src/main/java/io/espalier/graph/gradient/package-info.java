/**
 * Symbolic differentiation of neutral graphs. {@link io.espalier.graph.gradient.Differentiation} adds the nodes that
 * compute the gradient of a scalar to the graph that computes the scalar: the result is a graph again, which can be
 * differentiated again, saved and run anywhere. How gradients pass through an operator stands in its definition. {@link
 * io.espalier.graph.gradient.Differentiable} is the form of a graph that is differentiated: fused operators taken apart,
 * everything real in single precision.
 */
package io.espalier.graph.gradient;
