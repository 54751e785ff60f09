package io.espalier.engine.coupling.channel;

/**
 * A set of atoms that must be removed together, and can be.
 *
 * @param classes numbers of the classes that go, in ascending order; never changed
 */
public record CoupledChannel(int[] classes) {}
