package io.espalier.spi.operator;

import io.espalier.spi.Stability;
import io.espalier.spi.graph.Node;
import io.espalier.spi.provider.Provider;
import java.util.List;
import java.util.Optional;

/**
 * Teaches an operator the engine does not know, by one line of index notation.
 *
 * <p>The line says which letter each axis of each operand carries, for instance for a grouped convolution
 * {@code x[n (g i) ~*] w[(g o) i *] b[(g o)] -> y[n (g o) ~*]}:
 *
 * <ul>
 *   <li>a letter in inputs and output <i>passes</i>: positions correspond one to one, extent 1 broadcasts;
 *   <li>a letter only in inputs is <i>contracted</i>: multiplied and summed;
 *   <li>{@code (g i)} is one axis made of two factors, outermost first;
 *   <li>{@code ~h} is <i>opaque</i>: the operator mixes neighbouring positions of that axis (windows, pools, resizes);
 *   <li>{@code !c} is a <i>statistic</i>: the operator computes a mean or norm along an axis that passes;
 *   <li>{@code #s} is a <i>barrier</i>: nothing may be removed along that axis;
 *   <li>{@code *} stands for all remaining axes, {@code ~*} for all remaining axes, opaque;
 *   <li>{@code ...} stands for leading axes that broadcast as in numpy.
 * </ul>
 *
 * <p>Stateless and thread-safe.
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public interface OperatorSemantics extends Provider {

    /** The operators taught, as {@link Node#qualifiedOperator()} writes them. */
    List<String> operators();

    /**
     * The index line of one application of the operator.
     *
     * @param node the application
     * @param inputRanks rank of each input, -1 for absent or unknown
     * @return the line, or empty when this application cannot be described; it is then a barrier
     */
    Optional<String> indexLine(Node node, List<Integer> inputRanks);
}
