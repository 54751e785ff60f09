/**
 * From a saved network to the neutral graph.
 *
 * <p>{@link io.espalier.adapter.dl4j.lift.NetworkLifter} is the way in. Each layer has a rule ({@code LayerRules}), each vertex
 * one ({@code VertexRules}); a rule adds nodes and constants through a {@code Scope} and passes a {@code Signal} on. Weights are
 * views of one flat vector ({@link io.espalier.adapter.dl4j.lift.FlatView}); numbers of the configuration are bound to what they
 * count ({@link io.espalier.adapter.dl4j.lift.SizeBinding}). The result is a
 * {@link io.espalier.adapter.dl4j.lift.LiftedNetwork}.
 */
package io.espalier.adapter.dl4j.lift;
