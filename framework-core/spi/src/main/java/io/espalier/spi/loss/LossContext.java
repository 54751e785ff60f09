package io.espalier.spi.loss;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Stability;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.option.Options;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A model to which a loss is added. Values are named by strings; real ones are in single precision, whatever the file holds. Not
 * thread-safe.
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.3.0")
public interface LossContext {

    /** The validated options of the loss. */
    Options options();

    /** Names of the outputs of the model, in its order. */
    List<String> outputs();

    /**
     * The type of a value of the model, or of labels that were asked for; open extents are unknown.
     *
     * @return empty when nothing is known of it
     */
    Optional<ValueType> type(String value);

    /** The node that computes a value of the model, past what only renames it; empty for an input or a constant. */
    Optional<Node> producer(String value);

    /**
     * Labels, as a value that the data is fed to: real forms in single precision, whole numbers as int64. Whole numbers of one an
     * example are found in one-hot rows too.
     *
     * @param array name of an array of the data, empty for the first that fits
     * @param forms what would do, best first; the first axis holds the examples, whatever its extent is
     * @return empty when the data has no such labels; the form can be asked for with {@link #type}
     * @throws InvalidInputException when an array is named that the data does not have
     */
    Optional<String> labels(String array, List<ValueType> forms);

    /**
     * Asks for labels of one class an example to be classes.
     *
     * @param labels what {@link #labels} returned
     * @param count number of classes; data with other labels is refused
     */
    void requireClasses(String labels, long count);

    /**
     * Adds a node.
     *
     * @param node the node; its inputs are values, its outputs are given names of their own
     * @return names of its outputs
     */
    List<String> add(Node node);

    /** Adds a constant. */
    String constant(Tensor value);

    /** Adds a node of the standard domain with one output. */
    default String apply(String operator, Map<String, Attribute> attributes, String... operands) {
        return add(Node.of(operator, List.of(operands), List.of(operator), attributes))
                .get(0);
    }

    /** Adds a node without attributes. */
    default String apply(String operator, String... operands) {
        return apply(operator, Map.of(), operands);
    }

    /** Adds a real number. */
    default String scalar(double value) {
        return constant(Tensors.floats(List.of(), (float) value));
    }
}
