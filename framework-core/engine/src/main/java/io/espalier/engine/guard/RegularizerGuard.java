package io.espalier.engine.guard;

import io.espalier.spi.regularizer.Regularizer;
import io.espalier.spi.regularizer.RegularizerContext;
import io.espalier.spi.regularizer.RegularizerStep;
import io.espalier.spi.regularizer.RegularizerWorker;
import java.util.LinkedHashMap;
import java.util.Map;

/** Calls a regularizer and its worker. Not thread-safe. */
public final class RegularizerGuard {

    private final ProviderGuard guard;
    private final RegularizerWorker worker;

    /** Starts a training. */
    public RegularizerGuard(Regularizer regularizer, RegularizerContext context) {
        this.guard = new ProviderGuard(regularizer);
        this.worker = guard.call("start", () -> regularizer.start(context));
    }

    /** What is kept between calls. */
    public Map<String, float[]> state() {
        return new LinkedHashMap<>(guard.call("state", worker::state));
    }

    /** Adds the gradient of the penalty. */
    public void addGradient(RegularizerStep step) {
        guard.run("addGradient", () -> worker.addGradient(step));
    }

    /** Whether the weights before an update are needed after it. */
    public boolean comparesSteps() {
        return guard.call("comparesSteps", worker::comparesSteps);
    }

    /** Whether the network is ready for the cut after so many updates. */
    public boolean isPrepared(long updates) {
        return guard.call("isPrepared", () -> worker.isPrepared(updates));
    }

    /** Changes weights after an update. */
    public void afterStep(RegularizerStep step) {
        guard.run("afterStep", () -> worker.afterStep(step));
    }

    /** Changes weights after an epoch. */
    public void endEpoch(int epoch, Map<String, float[]> weights) {
        guard.run("endEpoch", () -> worker.endEpoch(epoch, weights));
    }
}
