package io.espalier.engine.guard;

import io.espalier.spi.optimizer.Optimizer;
import io.espalier.spi.optimizer.OptimizerStep;
import io.espalier.spi.option.Options;
import java.util.HashSet;
import java.util.List;

/** Calls an optimizer. Thread-safe. */
public final class OptimizerGuard {

    private final Optimizer optimizer;
    private final ProviderGuard guard;

    public OptimizerGuard(Optimizer optimizer) {
        this.optimizer = optimizer;
        this.guard = new ProviderGuard(optimizer);
    }

    /** The learning rate where none is given. */
    public double defaultRate() {
        double rate = guard.call("defaultRate", optimizer::defaultRate);
        guard.require(
                rate > 0 && Double.isFinite(rate), "it named the default rate " + rate, "a rate is a number above 0");
        return rate;
    }

    /** What is kept for every element of a weight. */
    public List<String> state(Options options) {
        List<String> names = guard.call("state", () -> optimizer.state(options));
        guard.require(
                new HashSet<>(names).size() == names.size(),
                "it keeps " + names,
                "the names of what is kept differ from each other");
        return List.copyOf(names);
    }

    /** Changes a weight. */
    public void update(float[] weight, float[] gradient, List<float[]> state, OptimizerStep step) {
        guard.run("update", () -> optimizer.update(weight, gradient, state, step));
    }
}
