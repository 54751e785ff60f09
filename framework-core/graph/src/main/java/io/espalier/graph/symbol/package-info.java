/**
 * Arithmetic with integers that are not known yet, such as the batch size or the width of an image. The way in is
 * {@link io.espalier.graph.symbol.Dim}: a symbol or a number, with sums, products, quotients rounded down, minima and maxima.
 * {@link io.espalier.graph.symbol.Fraction} adds quotients that are not rounded, and
 * {@link io.espalier.graph.symbol.Bounds} is what can be shown of a value without knowing its symbols. The other classes keep the
 * canonical form: a {@code Polynomial} is a sum of {@code Monomial}s, a monomial a product of {@code Term}s, and a term is a
 * symbol, or a quotient or an extreme of polynomials. {@code Quotients} and {@code Extremes} make such terms, with the bounds
 * that {@code Bounding} finds, so polynomials need to know none of them.
 */
package io.espalier.graph.symbol;
