package io.espalier.spi.metric;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Stability;
import io.espalier.spi.data.Batch;
import io.espalier.spi.tensor.Tensor;
import java.util.Map;

/** The judgement of one model, built up batch by batch. Its value does not depend on the batches. Not thread-safe. */
@Stability(value = Stability.Level.EVOLVING, since = "0.2.0")
public interface Measurement extends AutoCloseable {

    /**
     * Takes the next examples.
     *
     * @param batch the examples with their labels
     * @param outputs what the model computed for them, in its order; padding of the batch is taken off
     * @throws InvalidInputException when the outputs or the labels are not what the metric is made for
     */
    void add(Batch batch, Map<String, Tensor> outputs);

    /** The number for all examples so far, of which there is at least one. */
    double value();

    @Override
    default void close() {}
}
