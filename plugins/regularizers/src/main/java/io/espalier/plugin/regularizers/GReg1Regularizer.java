package io.espalier.plugin.regularizers;

/** GReg-1 of Wang et al., Neural Pruning via Growing Regularization, ICLR 2021, section 3: a ridge on the channels of the smallest norms grows until they are gone. Made for SGD. */
public final class GReg1Regularizer extends GRegRegularizer {

    public GReg1Regularizer() {
        super(0);
    }

    @Override
    public String name() {
        return "greg-1";
    }

    @Override
    public String description() {
        return "GReg-1: a ridge on the channels of the smallest norms grows until they are gone.";
    }
}
