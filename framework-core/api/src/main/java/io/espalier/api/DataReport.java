package io.espalier.api;

import io.espalier.spi.Stability;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a data set holds, as a model sees it, or as it lies in its files when no model was named.
 *
 * @param examples number of examples
 * @param arrays every array, inputs of the model first
 * @param classes number of examples of each class in ascending order, empty when the labels are no classes
 * @param notes what is odd, in sentences: for people
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.2.0")
public record DataReport(long examples, List<Array> arrays, Map<Long, Long> classes, List<String> notes) {

    /**
     * An array.
     *
     * @param name its name in the data
     * @param input the input it feeds, empty for labels and without a model
     * @param type such as {@code float32}
     * @param shape the first axis counts examples
     * @param smallest its smallest element
     * @param largest its largest element
     * @param mean of all elements
     * @param deviation standard deviation of all elements
     */
    public record Array(
            String name,
            Optional<String> input,
            String type,
            List<Long> shape,
            double smallest,
            double largest,
            double mean,
            double deviation) {}
}
