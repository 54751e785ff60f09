package io.espalier.plugin.gradient;

import io.espalier.spi.criterion.Evidence;
import io.espalier.spi.loss.NamedLoss;
import java.util.Map;

/**
 * Sum over a slice of the magnitudes of weights times the gradient, by them, of the sum of the outputs of the network whose weights are all
 * magnitudes: how much of what flows from inputs that are all equal to the outputs passes through the slice. No data is read.
 *
 * <p>Tanaka et al., "Pruning neural networks without any data by iteratively conserving synaptic flow" (arXiv 2006.05467), section
 * 6, algorithm 1. Biases and shifts carry nothing, running means are 0, and running variances are those of the file: before training this is
 * the network of the paper. Scores of one moment remove whole layers; the paper cuts in a hundred steps.
 *
 * <p>Not for single cuts to a small rest, and not for networks that centre what they compute, as layer normalisations do: nothing
 * flows there that is equal everywhere.
 */
public final class SynflowCriterion extends ElementCriterion {

    private static final NamedLoss LOSS = new NamedLoss("sum", Map.of());

    public SynflowCriterion() {
        super(Evidence.SYNAPTIC_FLOW);
    }

    @Override
    public String name() {
        return "synflow";
    }

    @Override
    public String description() {
        return "Share of the flow from inputs to outputs that passes through each weight, without data (SynFlow).";
    }

    @Override
    public NamedLoss loss() {
        return LOSS;
    }

    @Override
    double ofElement(double weight, double gradient) {
        return Math.abs(weight) * gradient;
    }
}
