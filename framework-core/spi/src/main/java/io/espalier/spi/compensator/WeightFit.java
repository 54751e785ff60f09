package io.espalier.spi.compensator;

import io.espalier.spi.Stability;

/**
 * What a solver is asked: a weight that brings what the pruned graph computes here close to what the original computed.
 *
 * @param node first output of the node that applies the weight
 * @param weight name of the weight
 * @param now the weight as the cut has left it
 * @param hasBias whether a bias can be changed too
 * @param moments of the samples to fit
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.3.0")
public record WeightFit(String node, String weight, LinearMap now, boolean hasBias, Moments moments) {}
