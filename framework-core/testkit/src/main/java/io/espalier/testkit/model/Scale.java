package io.espalier.testkit.model;

/**
 * How large a network is built.
 *
 * @param width multiplier of every width
 * @param image height and width of input images
 * @param classes number of outputs
 */
public record Scale(double width, long image, long classes) {

    /** The network as published, for 224 x 224 images and 1000 classes. */
    public static final Scale FULL = new Scale(1, 224, 1000);

    /** An eighth of the width, for tests that run the network. */
    public static final Scale SMALL = new Scale(0.125, 32, 10);

    /** The published width multiplied, at least 4 and a multiple of 4; exact at multiplier 1. */
    public long of(long published) {
        return width == 1 ? published : Math.max(4, Math.round(published * width / 4) * 4);
    }
}
