package io.espalier.engine.coupling.channel;

/**
 * A set of positions of parameters that must be removed together, and can be.
 *
 * @param classes numbers of the classes that are removed, in ascending order; never changed
 */
public record CoupledChannel(int[] classes) {}
