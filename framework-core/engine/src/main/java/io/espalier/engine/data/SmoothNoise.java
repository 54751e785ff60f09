package io.espalier.engine.data;

import java.util.List;
import java.util.SplittableRandom;

/**
 * Noise whose neighbours in space resemble each other: white noise averaged over windows, twice along each axis, and brought
 * back to mean 0 and deviation 1 in each channel.
 *
 * @param channels number of channels
 * @param channelStride elements between the same position of two channels
 * @param pixelStride elements between neighbours in a row of the image
 */
record SmoothNoise(int channels, int height, int width, int channelStride, int pixelStride)
        implements NoiseTensor.RowMaker {

    private static final int MOST_CHANNELS_LAST = 4;
    private static final int IMAGE_RANK = 3;
    private static final int PARTS = 8;
    private static final int PASSES = 2;

    /** Whether a row of some shape is an image: channels, height and width, or height, width and a few channels. */
    static boolean isImage(List<Long> row) {
        return row.size() == IMAGE_RANK
                && row.stream().filter(extent -> extent > MOST_CHANNELS_LAST).count() >= 2;
    }

    static SmoothNoise of(List<Long> row) {
        int first = Math.toIntExact(row.get(0));
        int second = Math.toIntExact(row.get(1));
        int third = Math.toIntExact(row.get(2));
        return third <= MOST_CHANNELS_LAST
                ? new SmoothNoise(third, first, second, 1, third)
                : new SmoothNoise(first, second, third, second * third, 1);
    }

    @Override
    public double[] row(SplittableRandom random, int elements) {
        double[] values = new double[elements];
        for (int channel = 0; channel < channels; channel++) {
            double[] plane = new double[height * width];
            for (int i = 0; i < plane.length; i++) {
                plane[i] = random.nextGaussian();
            }
            for (int pass = 0; pass < PASSES; pass++) {
                plane = blurred(plane, height, width, width, 1);
                plane = blurred(plane, width, height, 1, width);
            }
            standardise(plane);
            for (int i = 0; i < plane.length; i++) {
                values[channel * channelStride + i * pixelStride] = plane[i];
            }
        }
        return values;
    }

    /** Averages over a window along lines; those that begin and end outside are cut off. */
    private static double[] blurred(double[] plane, int lines, int length, int lineStride, int stride) {
        int reach = Math.max(1, length / PARTS);
        double[] result = new double[plane.length];
        for (int line = 0; line < lines; line++) {
            for (int at = 0; at < length; at++) {
                int from = Math.max(0, at - reach);
                int to = Math.min(length - 1, at + reach);
                double sum = 0;
                for (int near = from; near <= to; near++) {
                    sum += plane[line * lineStride + near * stride];
                }
                result[line * lineStride + at * stride] = sum / (to - from + 1);
            }
        }
        return result;
    }

    private static void standardise(double[] plane) {
        double mean = 0;
        for (double value : plane) {
            mean += value / plane.length;
        }
        double variance = 0;
        for (double value : plane) {
            variance += (value - mean) * (value - mean) / plane.length;
        }
        double deviation = variance > 0 ? Math.sqrt(variance) : 1;
        for (int i = 0; i < plane.length; i++) {
            plane[i] = (plane[i] - mean) / deviation;
        }
    }
}
