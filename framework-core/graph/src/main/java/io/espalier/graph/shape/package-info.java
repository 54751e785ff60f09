/** Symbolic shapes: extents as polynomials over named symbols, and inference of every value's shape. */
package io.espalier.graph.shape;
