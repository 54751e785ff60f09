package io.espalier.engine.guard;

import io.espalier.spi.loss.Loss;
import io.espalier.spi.loss.LossContext;

/** Calls a loss. Thread-safe. */
public final class LossGuard {

    private final Loss loss;
    private final ProviderGuard guard;

    public LossGuard(Loss loss) {
        this.loss = loss;
        this.guard = new ProviderGuard(loss);
    }

    /** The value of the loss, after its nodes were added. */
    public String of(LossContext context) {
        return guard.call("of", () -> loss.of(context));
    }

    /** Checks one rule of the contract. */
    public void require(boolean kept, String did, String rule) {
        guard.require(kept, did, rule);
    }
}
