package io.espalier.engine.guard;

import io.espalier.spi.execution.Runner;
import io.espalier.spi.tensor.Tensor;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A runner of an adapter or of an executor. */
class GuardedRunner implements Runner {

    private final Runner runner;
    private final List<String> wanted;
    private final ProviderGuard guard;

    /**
     * A runner.
     *
     * @param wanted the names of the values that it has to compute
     */
    GuardedRunner(Runner runner, List<String> wanted, ProviderGuard guard) {
        this.runner = runner;
        this.wanted = List.copyOf(wanted);
        this.guard = guard;
    }

    @Override
    public List<String> inputs() {
        return guard.call("inputs", runner::inputs);
    }

    @Override
    public List<String> outputs() {
        return guard.call("outputs", runner::outputs);
    }

    @Override
    public Map<String, Tensor> run(Map<String, Tensor> inputs) {
        Map<String, Tensor> results = guard.call("run", () -> runner.run(inputs));
        guard.require(
                results.keySet().containsAll(wanted),
                "its runner returned the values " + results.keySet() + " instead of " + wanted,
                "a run returns a tensor for every output, by name");
        return results;
    }

    @Override
    public Duration time(Map<String, Tensor> inputs) {
        return guard.call("time", () -> runner.time(inputs));
    }

    @Override
    public void close() {
        guard.run("close", runner::close);
    }
}
