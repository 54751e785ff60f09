package io.espalier.plugin.activation;

import java.util.Arrays;

/**
 * The rank of the feature maps of a channel, on average over calibration examples.
 *
 * <p>Lin et al., "HRank: Filter Pruning using High-Rank Feature Map" (CVPR 2020, arXiv 2002.10179), section 3.2. The rank is
 * counted by a QR decomposition with column pivoting, to the precision of the 32-bit numbers that the network computes.
 *
 * <p>Not for channels without two axes of space: what a token or a vector holds of a channel has rank 1 or 0. Nor for maps of a
 * few pixels, whose ranks are nearly all full.
 */
public final class HrankCriterion extends MapCriterion {

    public HrankCriterion() {
        super(64);
    }

    @Override
    public String name() {
        return "hrank";
    }

    @Override
    public String description() {
        return "Average rank of the feature maps of a channel (HRank).";
    }

    @Override
    double[] score(float[][] maps, int columns) {
        return Arrays.stream(maps)
                .mapToDouble(map -> MatrixRank.of(map, columns))
                .toArray();
    }
}
