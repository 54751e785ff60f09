package io.espalier.adapter.dl4j.lift;

/**
 * A number of the configuration that follows from constants.
 *
 * @param pointer its place in the configuration as a JSON pointer
 * @param extent what it counts
 */
public record SizeBinding(String pointer, Extent extent) {}
