package io.espalier.spi.execution;

import io.espalier.spi.Stability;
import io.espalier.spi.tensor.Tensor;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A runner that forwards every call to another one, so that what extends it overrides no more than it changes. */
@Stability(value = Stability.Level.EVOLVING, since = "0.3.0")
public class ForwardingRunner implements Runner {

    private final Runner runner;

    /** A runner in front of another one, which is closed with it. */
    public ForwardingRunner(Runner runner) {
        this.runner = runner;
    }

    @Override
    public List<String> inputs() {
        return runner.inputs();
    }

    @Override
    public List<String> outputs() {
        return runner.outputs();
    }

    @Override
    public Map<String, Tensor> run(Map<String, Tensor> inputs) {
        return runner.run(inputs);
    }

    @Override
    public Duration time(Map<String, Tensor> inputs) {
        return runner.time(inputs);
    }

    @Override
    public void close() {
        runner.close();
    }
}
