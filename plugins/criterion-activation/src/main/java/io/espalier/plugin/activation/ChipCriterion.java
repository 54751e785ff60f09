package io.espalier.plugin.activation;

/**
 * Channel independence: how much the nuclear norm of the feature maps of a layer falls when those of a channel are zeroed, {@code
 * ||A||_* - ||A without row c||_*}, where a row of {@code A} is the map of a channel, on average over calibration examples.
 *
 * <p>Sui et al., "CHIP: CHannel Independence-based Pruning for Compact Neural Networks" (NeurIPS 2021, arXiv 2110.13981), section
 * 3.2. Singular values are square roots of eigenvalues of the smaller Gram matrix.
 *
 * <p>Not for layers both wide and large: with {@code n} the smaller of channels and pixels, each example costs {@code n^3}
 * operations a channel; give fewer examples there.
 */
public final class ChipCriterion extends MapCriterion {

    public ChipCriterion() {
        super(16);
    }

    @Override
    public String name() {
        return "chip";
    }

    @Override
    public String description() {
        return "Fall of the nuclear norm of a layer's feature maps without the channel (CHIP).";
    }

    @Override
    double[] score(float[][] maps, int columns) {
        return maps.length <= maps[0].length ? byChannels(maps) : byPixels(maps);
    }

    private static double[] byChannels(float[][] maps) {
        double[][] gram = gram(maps);
        double whole = NuclearNorm.ofGram(gram);
        double[] scores = new double[maps.length];
        for (int channel = 0; channel < scores.length; channel++) {
            scores[channel] = whole - NuclearNorm.ofGram(without(gram, channel));
        }
        return scores;
    }

    private static double[][] without(double[][] gram, int row) {
        double[][] rest = new double[gram.length - 1][gram.length - 1];
        for (int i = 0; i < rest.length; i++) {
            for (int j = 0; j < rest.length; j++) {
                rest[i][j] = gram[i < row ? i : i + 1][j < row ? j : j + 1];
            }
        }
        return rest;
    }

    private static double[] byPixels(float[][] maps) {
        float[][] pixels = new float[maps[0].length][maps.length];
        for (int channel = 0; channel < maps.length; channel++) {
            for (int pixel = 0; pixel < pixels.length; pixel++) {
                pixels[pixel][channel] = maps[channel][pixel];
            }
        }
        double[][] gram = gram(pixels);
        double whole = NuclearNorm.ofGram(gram);
        double[] scores = new double[maps.length];
        for (int channel = 0; channel < scores.length; channel++) {
            double[][] rest = new double[gram.length][gram.length];
            for (int i = 0; i < rest.length; i++) {
                for (int j = 0; j < rest.length; j++) {
                    rest[i][j] = gram[i][j] - (double) maps[channel][i] * maps[channel][j];
                }
            }
            scores[channel] = whole - NuclearNorm.ofGram(rest);
        }
        return scores;
    }

    private static double[][] gram(float[][] rows) {
        double[][] gram = new double[rows.length][rows.length];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = 0;
                for (int k = 0; k < rows[i].length; k++) {
                    sum += (double) rows[i][k] * rows[j][k];
                }
                gram[i][j] = sum;
                gram[j][i] = sum;
            }
        }
        return gram;
    }
}
