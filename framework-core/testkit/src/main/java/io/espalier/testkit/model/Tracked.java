package io.espalier.testkit.model;

import java.util.Arrays;

/**
 * A value of which one axis carries channels.
 *
 * @param value name of the value
 * @param axis the axis of channels
 * @param labels the channel at every index of that axis
 */
record Tracked(String value, int axis, int... labels) {

    int width() {
        return labels.length;
    }

    /** The same channels in another value. */
    Tracked as(String other) {
        return new Tracked(other, axis, labels);
    }

    /** The channels at some indices. */
    int[] at(long... indices) {
        return Arrays.stream(indices).mapToInt(index -> labels[(int) index]).toArray();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Tracked tracked && tracked.value.equals(value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return value + ":" + axis + Arrays.toString(labels);
    }
}
