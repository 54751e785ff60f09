/**
 * Pruning while DL4J trains a network. {@link io.espalier.adapter.dl4j.train.PrunedTraining} is the way in: it trains epoch by
 * epoch and goes on with the smaller network after each cut. {@link io.espalier.adapter.dl4j.train.PruningListener} waits for the
 * steps of a schedule and has a copy of the network pruned; {@link io.espalier.adapter.dl4j.train.NetworkPruning} is what prunes,
 * usually the engine. {@link
 * io.espalier.adapter.dl4j.train.RegularizingListener} prepares the network for its cuts.
 */
package io.espalier.adapter.dl4j.train;
