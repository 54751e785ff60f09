package io.espalier.plugin.gradient;

import io.espalier.spi.criterion.Evidence;
import io.espalier.spi.criterion.ParameterRole;

/**
 * Squared norm of the gradient of the loss, averaged over all data, by the weights that read a channel: {@code ||dL/dW_k||^2}.
 *
 * <p>Zhuang et al., "Discrimination-aware Channel Pruning for Deep Neural Networks" (arXiv 1810.11809), section 3.3, which chooses the
 * channels with the largest norms. Reduced: theirs adds classifiers with losses of their own in the middle of the network, and an
 * error of reconstruction, trains them, and takes the gradient anew after each channel that is chosen; here the loss is the one at the
 * end, and the gradient is taken once, with all channels there. The weights themselves do not count.
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
