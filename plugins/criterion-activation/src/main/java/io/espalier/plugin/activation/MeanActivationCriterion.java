package io.espalier.plugin.activation;

import io.espalier.spi.criterion.ActivationStatistics;

/**
 * The mean magnitude of what a channel holds where weights read it: {@code mean |a|} over calibration examples and positions.
 *
 * <p>The activation criterion of Molchanov et al., "Pruning Convolutional Neural Networks for Resource Efficient Inference"
 * (ICLR 2017, arXiv 1611.06440), section 2.2, with magnitudes so that it also ranks channels without a rectifier. Where several
 * values carry the channels, as along a residual stream, it is their mean.
 *
 * <p>Not for channels whose next layer has large weights for small inputs: it does not look at consumers. Without a
 * normalisation it is not comparable between layers.
 */
public final class MeanActivationCriterion extends StatisticCriterion {

    @Override
    public String name() {
        return "mean-activation";
    }

    @Override
    public String description() {
        return "Mean magnitude of what a channel computes on calibration data.";
    }

    @Override
    double[] score(ActivationStatistics statistics) {
        return statistics.absoluteMeans().clone();
    }
}
