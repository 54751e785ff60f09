/**
 * What a graph costs: multiply-accumulates, parameters and bytes, now and after a candidate removal. The way in is
 * {@link io.espalier.graph.cost.CostModel}; it counts what the definitions of the operators say under
 * {@link io.espalier.graph.operator.Extents} that a caller may change, and knows which constants are trained
 * ({@link io.espalier.graph.cost.TrainableConstants}).
 */
package io.espalier.graph.cost;
