package io.espalier.plugin.activation;

import io.espalier.spi.criterion.ActivationStatistics;
import java.util.Arrays;

/**
 * One less the average percentage of zeros: the share of calibration examples and positions at which a channel is not 0.
 *
 * <p>Hu et al., "Network Trimming: A Data-Driven Neuron Pruning Approach towards Efficient Deep Architectures" (arXiv
 * 1607.03250), section 3.1. Where several values carry the channels it is their mean.
 *
 * <p>Not for networks whose activations are never exactly 0 (GELU, SiLU, a residual stream without a rectifier): every channel
 * of such a group scores 1, and where all groups are such, the run ends with an error.
 */
public final class ApozCriterion extends StatisticCriterion {

    @Override
    public String name() {
        return "apoz";
    }

    @Override
    public String description() {
        return "Share of calibration data on which a channel is not zero (APoZ).";
    }

    @Override
    double[] score(ActivationStatistics statistics) {
        return Arrays.stream(statistics.zeroShares()).map(share -> 1 - share).toArray();
    }
}
