package io.espalier.training;

import java.util.List;

/**
 * Where the pixels of images of a batch lie.
 *
 * @param channels channels of a pixel
 * @param height rows
 * @param width pixels of a row
 * @param last whether the channels of a pixel are neighbours
 */
record Image(int channels, int height, int width, boolean last) {

    private static final int RANK = 4;
    /** Grey, colour, and colour with opacity. */
    private static final List<Long> USUAL = List.of(1L, 3L, 4L);

    /** Whether a batch of this shape can be images. */
    static boolean fits(List<Long> shape) {
        return shape.size() == RANK;
    }

    /** Images of a shape: the axis of channels is that of usual extent, in doubt the second. */
    static Image of(List<Long> shape) {
        boolean last = !USUAL.contains(shape.get(1)) && USUAL.contains(shape.get(3));
        int[] extents = shape.stream().mapToInt(Math::toIntExact).toArray();
        return last
                ? new Image(extents[3], extents[1], extents[2], true)
                : new Image(extents[1], extents[2], extents[3], false);
    }

    int size() {
        return channels * height * width;
    }

    /** The position of an element in an image. */
    int at(int channel, int row, int column) {
        return last ? (row * width + column) * channels + channel : (channel * height + row) * width + column;
    }
}
