package io.espalier.plugin.gradient;

import io.espalier.spi.criterion.Evidence;
import io.espalier.spi.loss.NamedLoss;
import java.util.Map;

/**
 * Sum over a slice of each weight times the product of the Hessian of the loss with its gradient: half of what the squared norm of
 * the gradient loses, to first order, when the slice is set to zero.
 *
 * <p>Wang, Zhang and Grosse, "Picking Winning Tickets Before Training by Preserving Gradient Flow" (arXiv 2002.07376), section 3,
 * equation 8. Theirs is {@code -w Hg}, of which the largest are removed; here the sign is turned, as higher scores are kept.
 * Scores below 0 belong to slices whose removal adds to the flow. The product is exact. The scores of classes are divided by a
 * temperature of 200, as theirs are, unless another loss is named.
 *
 * <p>Not for trained networks, whose gradients are small.
 */
public final class GraspCriterion extends ElementCriterion {

    private static final NamedLoss LOSS = new NamedLoss("cross-entropy", Map.of("temperature", "200"));

    public GraspCriterion() {
        super(Evidence.HESSIAN_GRADIENTS);
    }

    @Override
    public String name() {
        return "grasp";
    }

    @Override
    public String description() {
        return "What the flow of gradients loses when a slice is removed, to first order (GraSP).";
    }

    @Override
    public NamedLoss loss() {
        return LOSS;
    }

    @Override
    double ofElement(double weight, double product) {
        return weight * product;
    }
}
