package io.espalier.plugin.images;

import java.util.function.DoubleUnaryOperator;

/**
 * How an image is resized: each new pixel is a weighted mean of the old ones below the filter, which is widened when the
 * image shrinks (antialiasing), first along rows, then along columns, rounded to bytes after each. This is what Pillow and
 * torchvision do.
 */
enum Interpolation {
    BILINEAR(1, x -> Math.max(0, 1 - Math.abs(x))),
    BICUBIC(2, Interpolation::cubic),
    NEAREST(0, x -> 1);

    private static final double SHARPNESS = -0.5;

    private final double support;
    private final DoubleUnaryOperator filter;

    Interpolation(double support, DoubleUnaryOperator filter) {
        this.support = support;
        this.filter = filter;
    }

    /** Keys' cubic convolution. */
    private static double cubic(double signed) {
        double x = Math.abs(signed);
        if (x < 1) {
            return ((SHARPNESS + 2) * x - (SHARPNESS + 3)) * x * x + 1;
        }
        return x < 2 ? (((x - 5) * x + 8) * x - 4) * SHARPNESS : 0;
    }

    Picture resize(Picture picture, int height, int width) {
        Picture wide = width == picture.width() ? picture : alongRows(picture, width);
        return height == wide.height() ? wide : turned(alongRows(turned(wide), height));
    }

    private Picture alongRows(Picture from, int width) {
        byte[] result = new byte[Math.multiplyExact(from.height() * from.channels(), width)];
        double scale = (double) from.width() / width;
        double reach = support * Math.max(1, scale);
        for (int x = 0; x < width; x++) {
            double centre = (x + 0.5) * scale;
            int first = this == NEAREST ? (int) centre : Math.max(0, (int) (centre - reach + 0.5));
            int last = this == NEAREST ? first + 1 : Math.min(from.width(), (int) (centre + reach + 0.5));
            double[] weights = weights(first, last, centre, Math.max(1, scale));
            for (int y = 0; y < from.height(); y++) {
                for (int channel = 0; channel < from.channels(); channel++) {
                    double sum = 0.5;
                    for (int i = 0; i < weights.length; i++) {
                        sum += weights[i] * from.at((y * from.width() + first + i) * from.channels() + channel);
                    }
                    result[(y * width + x) * from.channels() + channel] = (byte) Math.min(255, Math.max(0, (int) sum));
                }
            }
        }
        return new Picture(from.height(), width, from.channels(), result);
    }

    private double[] weights(int first, int last, double centre, double widening) {
        double[] weights = new double[last - first];
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            weights[i] = filter.applyAsDouble((first + i - centre + 0.5) / widening);
            sum += weights[i];
        }
        for (int i = 0; i < weights.length; i++) {
            weights[i] /= sum;
        }
        return weights;
    }

    private static Picture turned(Picture from) {
        byte[] bytes = new byte[from.bytes().length];
        int channels = from.channels();
        for (int y = 0; y < from.height(); y++) {
            for (int x = 0; x < from.width(); x++) {
                System.arraycopy(
                        from.bytes(),
                        (y * from.width() + x) * channels,
                        bytes,
                        (x * from.height() + y) * channels,
                        channels);
            }
        }
        return new Picture(from.width(), from.height(), channels, bytes);
    }
}
