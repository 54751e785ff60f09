package io.espalier.adapter.dl4j.lift;

/**
 * A vector that inference does not read, such as the visible bias of an auto-encoder, but that loses the same positions as
 * an axis of a constant.
 *
 * @param view where it lies
 * @param constant the constant it follows
 * @param axis the axis of that constant
 */
public record Companion(FlatView view, String constant, int axis) {}
