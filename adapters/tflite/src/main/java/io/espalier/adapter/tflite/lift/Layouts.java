package io.espalier.adapter.tflite.lift;

import io.espalier.adapter.tflite.store.Axes;
import java.util.stream.IntStream;

/** Orders of axes: channels come last in TFLite and second in the neutral graph. */
final class Layouts {

    /** Depthwise filters [1, h, w, c m], transposed filters [o, h, w, i]: last axis first. */
    static final Axes LAST_FIRST = Axes.of(3, 0, 1, 2);

    /** Filters of 3-D convolutions [d, h, w, i, o]. */
    static final Axes VOLUME_FILTERS = Axes.of(4, 3, 0, 1, 2);

    private Layouts() {}

    /** From channels last to channels second. */
    static Axes channelsSecond(int rank) {
        return Axes.of(IntStream.range(0, rank)
                .map(axis -> axis == 0 ? 0 : axis == 1 ? rank - 1 : axis - 1)
                .toArray());
    }

    /** From channels second to channels last. */
    static Axes channelsLast(int rank) {
        return channelsSecond(rank).inverse();
    }

    /** The last two axes exchanged. */
    static Axes transposed(int rank) {
        return Axes.of(IntStream.range(0, rank)
                .map(axis -> axis < rank - 2 ? axis : 2 * rank - 3 - axis)
                .toArray());
    }
}
