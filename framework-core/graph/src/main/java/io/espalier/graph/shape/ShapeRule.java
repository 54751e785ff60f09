package io.espalier.graph.shape;

import io.espalier.spi.graph.Node;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Shapes of operators that the engine does not know, taught from outside. Their outputs take the element type of the
 * first input unless the file declares another. Stateless and thread-safe.
 */
public interface ShapeRule {

    /** The operators taught, as {@link Node#qualifiedOperator()} writes them. */
    Set<String> operators();

    /**
     * The shape of each output.
     *
     * @param node the application
     * @param inputs shape of each input, empty for an absent or unknown one
     * @return one entry for each output slot; empty for an output whose shape stays unknown
     */
    List<Optional<List<Dim>>> infer(Node node, List<Optional<List<Dim>>> inputs);
}
