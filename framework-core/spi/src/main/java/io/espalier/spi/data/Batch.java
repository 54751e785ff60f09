package io.espalier.spi.data;

import io.espalier.spi.Stability;
import io.espalier.spi.tensor.Tensor;
import java.util.Map;
import java.util.Optional;

/**
 * Some examples.
 *
 * @param rows position of each example in the data, from 0
 * @param inputs a tensor for every input of the model, in its type; holds more examples than {@code rows} when the model
 *     has a fixed batch that they do not fill
 * @param labels what the data says besides the inputs, by name and in its own types, one row an example; the labels
 *     first
 * @param classes the class of each example, from 0, when the labels are classes
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.2.0")
public record Batch(long[] rows, Map<String, Tensor> inputs, Map<String, Tensor> labels, Optional<long[]> classes) {

    /** Number of examples, padding not counted. */
    public int size() {
        return rows.length;
    }
}
