package io.espalier.plugin.gradient;

import io.espalier.spi.criterion.Evidence;
import io.espalier.spi.criterion.ParameterRole;

/**
 * Squared norm of the gradient of the loss, averaged over all data, by the weights that read a channel: {@code ||dL/dW_k||^2}.
 *
 * <p>Zhuang et al., "Discrimination-aware Channel Pruning for Deep Neural Networks" (arXiv 1810.11809), whose greedy selection takes the
 * channels with the largest norms of this gradient. Reduced, because a criterion trains nothing: theirs adds to the loss at the end,
 * layer by layer, the cross-entropy of a classifier of pooled features in the middle of the network, which is trained for it, and
 * the squared error of the layer's outputs; it begins with no channel, and after each that is chosen the weights are optimised and the
 * gradient is taken anew. Here the loss is the one at the end, and the gradient is taken once, with all channels there, where the error
 * of the outputs has none. The weights themselves do not count.
 *
 * <p>Not for networks that fit the calibration data so well that all gradients vanish, and not as the method of the paper, whose
 * figures come with its losses and its fine-tuning.
 */
public final class DcpCriterion extends ElementCriterion {

    public DcpCriterion() {
        super(Evidence.LOSS_GRADIENTS);
    }

    @Override
    public String name() {
        return "dcp";
    }

    @Override
    public String description() {
        return "Squared gradient of the loss by the weights that read a channel (discrimination-aware, reduced).";
    }

    @Override
    public boolean scores(ParameterRole role) {
        return role == ParameterRole.CONSUMER;
    }

    @Override
    double ofElement(double weight, double gradient) {
        return gradient * gradient;
    }
}
