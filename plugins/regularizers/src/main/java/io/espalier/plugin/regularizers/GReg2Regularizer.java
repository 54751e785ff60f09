package io.espalier.plugin.regularizers;

/** GReg-2 of Wang et al., Neural Pruning via Growing Regularization, ICLR 2021, section 3: a ridge on all channels grows, then on those it has told apart as weak. Made for SGD. */
public final class GReg2Regularizer extends GRegRegularizer {

    public GReg2Regularizer() {
        super(0.25);
    }

    @Override
    public String name() {
        return "greg-2";
    }

    @Override
    public String description() {
        return "GReg-2: a ridge on all channels grows, then on those it has told apart as weak.";
    }
}
