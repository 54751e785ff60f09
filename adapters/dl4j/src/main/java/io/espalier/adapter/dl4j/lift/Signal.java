package io.espalier.adapter.dl4j.lift;

import java.util.ArrayList;
import java.util.List;

/**
 * What flows between steps: a value whose axes are batch, channels, and then time or space.
 *
 * @param value name in the neutral graph
 * @param form what the axes mean
 * @param channels number of channels
 * @param space extents behind the channels, {@link #UNKNOWN} where the file does not say
 */
record Signal(String value, Form form, Extent channels, List<Long> space) {

    static final long UNKNOWN = -1;

    /** What the axes of a signal mean. */
    enum Form {
        /** Batch and channels. */
        FEED_FORWARD(0),
        /** A vector for each time step; the library merges batch and time, the neutral graph does not. */
        FEED_FORWARD_OVER_TIME(1),
        RECURRENT(1),
        IMAGE(2),
        VOLUME(3),
        /** Integer codes that are looked up, one an example. */
        INDEX(0),
        /** Integer codes over time, without an axis for channels. */
        INDEX_OVER_TIME(1);

        private final int axes;

        Form(int axes) {
            this.axes = axes;
        }

        /** Number of axes behind the channels. */
        int spaceAxes() {
            return axes;
        }
    }

    Signal {
        space = List.copyOf(space);
    }

    int rank() {
        return 2 + space.size();
    }

    Signal named(String other) {
        return new Signal(other, form, channels, space);
    }

    Signal as(Form other) {
        return new Signal(value, other, channels, space);
    }

    Signal with(String other, Extent otherChannels) {
        return new Signal(other, form, otherChannels, space);
    }

    Signal withSpace(String other, List<Long> otherSpace) {
        return new Signal(other, form, channels, otherSpace);
    }

    /** Product of the extents behind the channels, or {@link #UNKNOWN}. */
    long positions() {
        return space.contains(UNKNOWN) ? UNKNOWN : space.stream().reduce(1L, Math::multiplyExact);
    }

    /** The axes behind the channels. */
    List<Long> spaceAxes() {
        List<Long> axes = new ArrayList<>();
        for (int i = 0; i < space.size(); i++) {
            axes.add(i + 2L);
        }
        return axes;
    }
}
