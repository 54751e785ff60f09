package io.espalier.spi.execution;

import io.espalier.spi.Stability;
import io.espalier.spi.tensor.Tensor;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A loaded program: a native model, or a neutral graph compiled for execution. Not thread-safe. */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public interface Runner extends AutoCloseable {

    /** Names of the inputs, in order. */
    List<String> inputs();

    /** Names of the outputs, in order. */
    List<String> outputs();

    /**
     * Runs once.
     *
     * @param inputs a tensor for every input, by name
     * @return a tensor for every output, in order; tensors live on the heap
     * @throws ExecutionException when the runtime refuses the model or the inputs
     */
    Map<String, Tensor> run(Map<String, Tensor> inputs);

    /**
     * How long one run takes in the runtime itself. Without more, the time of {@link #run}; where inputs and outputs take a way
     * of their own, as to another process, that is not counted.
     *
     * @param inputs a tensor for every input, by name
     * @throws ExecutionException when the runtime refuses the model or the inputs
     */
    default Duration time(Map<String, Tensor> inputs) {
        long start = System.nanoTime();
        run(inputs);
        return Duration.ofNanos(System.nanoTime() - start);
    }

    @Override
    void close();
}
