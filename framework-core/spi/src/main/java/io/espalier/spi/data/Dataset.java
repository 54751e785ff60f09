package io.espalier.spi.data;

import io.espalier.spi.Stability;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * Named arrays whose first axis counts examples.
 *
 * <p>Thread-safe.
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public interface Dataset {

    /** Number of examples. */
    long size();

    /**
     * All arrays by name, in file order, for instance {@code image} and {@code label}.
     *
     * @throws io.espalier.spi.InvalidInputException when some array has no shape before a model or an option says it, such
     *     as images of different sizes
     */
    Map<String, Tensor> arrays();

    /**
     * The same examples in the form a model needs, such as images of its size and layout. Most data has one form only.
     *
     * @param graph its inputs say what is needed
     * @throws io.espalier.spi.InvalidInputException when the examples cannot take the form
     */
    default Dataset forModel(Graph graph) {
        return this;
    }

    /** How whole numbers become what a floating-point input takes; as they are unless said otherwise. */
    default InputScaling scaling() {
        return InputScaling.NONE;
    }

    /** What is odd about the examples but not wrong, in sentences: for people. */
    default List<String> notes() {
        return List.of();
    }

    /** Names of the classes in the order of their numbers; empty when the labels are numbers in the file already. */
    default List<String> classNames() {
        return List.of();
    }

    /** Whether the examples were made from the model and not observed. */
    default boolean isSynthetic() {
        return false;
    }
}
