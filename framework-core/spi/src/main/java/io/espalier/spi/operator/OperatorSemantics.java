package io.espalier.spi.operator;

import io.espalier.spi.Stability;
import io.espalier.spi.graph.Node;
import io.espalier.spi.provider.Noun;
import io.espalier.spi.provider.Provider;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Teaches an operator the engine does not know, by index notation.
 *
 * <p>The notation says which letter each axis of each operand carries, for instance for a matrix product with a bias
 * {@code x[... i] w[i o] b[o] -> y[... o]}, and for a grouped convolution
 * {@code x[n (g i) ~*] w[(g o) i #*k] b[(g o)] -> y[n (g o) ~*] | g=@group}. Coupling, multiply-accumulates, shapes and
 * the roles of the operands follow from it.
 *
 * <p>Operands stand in the order of the slots: a name, which says nothing, and the axes in brackets, outermost first.
 *
 * <ul>
 *   <li>a letter in inputs and output <i>passes</i>: positions correspond one to one, extent 1 broadcasts;
 *   <li>a letter only in inputs is <i>contracted</i>: multiplied and summed; letters have any number of characters;
 *   <li>{@code (g i)} is one axis made of two factors, outermost first;
 *   <li>{@code 1} is an axis of extent 1;
 *   <li>{@code *} stands for all remaining axes, aligned at the left; {@code *k} for others that have nothing to do with
 *       those; {@code ...} for leading axes that broadcast as in numpy, aligned at the right;
 *   <li>{@code _} is an operand without indices that matter: a shape, a bound. It must not lose elements.
 * </ul>
 *
 * <p>A sign before a letter, a star or dots says what the operator does along it:
 *
 * <ul>
 *   <li>{@code ~h} is <i>opaque</i>: it mixes neighbouring positions (windows, pools, resizes), and may change the extent;
 *   <li>{@code !c} is a <i>statistic</i>: it computes a mean or norm along an axis that passes;
 *   <li>{@code ?c} is an <i>extreme</i>: it takes the largest or smallest along it;
 *   <li>{@code #s} is a <i>barrier</i>: nothing may be removed along that axis;
 *   <li>{@code ^d} is a <i>batch</i>: other indices may lose different positions at each of its positions, but none of
 *       its own is removed (the directions of a recurrent cell).
 * </ul>
 *
 * <p>{@code h'} is a second axis of one operand that carries the labels of {@code h}: in {@code r[h h']} a position is
 * removed from both axes, as in the recurrent weight of a cell.
 *
 * <p>Sizes of letters follow a bar: {@code | t=3, g=@group, (g r)=@heads}. A number is fixed. {@code @group} is the value
 * of an integer attribute, which is kept up to date when positions are removed; for letters in parentheses the attribute
 * counts their positions together.
 *
 * <p>Stateless and thread-safe.
 */
@Noun("operator semantics")
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public interface OperatorSemantics extends Provider {

    /** The operators taught, as {@link Node#qualifiedOperator()} writes them. */
    List<String> operators();

    /**
     * The index notation of one application of the operator.
     *
     * @param node the application
     * @param inputRanks rank of each input, -1 for absent or unknown
     * @return the notation, or empty when this application cannot be described; it is then a barrier
     */
    Optional<String> indexNotation(Node node, List<Integer> inputRanks);

    /**
     * What an input slot means. Left empty, it follows from the notation: of the operands that share a contracted letter
     * the first is data and the others are weights; what all its letters pass beside a contraction, with fewer axes than
     * the output, is a bias; the rest is data.
     */
    default Optional<SlotRole> role(Node node, int slot) {
        return Optional.empty();
    }

    /** Properties of the operators besides their notation. */
    default Set<Trait> traits() {
        return Set.of();
    }

    /**
     * Multiply-accumulates of one application. Left empty, they follow from the notation: the size of the first output
     * times the extents of the contracted letters.
     *
     * @param inputs extents of each input, empty where it is absent
     */
    default OptionalLong macs(Node node, List<Optional<long[]>> inputs) {
        return OptionalLong.empty();
    }

    /**
     * The extent of an output axis that the notation leaves open: one with an opaque letter, or with a letter that no
     * input has. Left empty, the extent is a symbol, unless the model declares it.
     *
     * @param inputs extents of each input, empty where it is absent; -1 for a symbolic extent
     */
    default OptionalLong extent(Node node, int output, int axis, List<Optional<long[]>> inputs) {
        return OptionalLong.empty();
    }

    /**
     * What one application is made of, in operators that the engine knows: in this form it is differentiated. Left empty, it has no gradient.
     *
     * @param node the application
     * @param inputRanks rank of each input, -1 for absent or unknown
     */
    default Optional<OperatorParts> parts(Node node, List<Integer> inputRanks) {
        return Optional.empty();
    }
}
