/** What a graph costs: multiply-accumulates, parameters and bytes, now and after a candidate removal. */
package io.espalier.graph.cost;
