package io.espalier.spi.compensator;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Stability;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.loss.NamedLoss;
import io.espalier.spi.option.Options;
import io.espalier.spi.provider.Noun;
import io.espalier.spi.provider.Provider;
import java.util.List;
import java.util.Optional;

/**
 * Recovers weights after the cut without training. Runs after the pruned model has been proved equal to the masked
 * original.
 *
 * <p>Stateless and thread-safe.
 */
@Noun("compensator")
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public interface WeightCompensator extends Provider {

    /**
     * Computes better weights for a pruned graph.
     *
     * @return edits of the pruned graph, in the order in which they are to be made: {@link Edit.SetConstant} of unchanged
     *     type and shape, and what adds to the graph where the file can hold it ({@link Edit.SetInput}, {@link Edit.AddNode},
     *     {@link Edit.RemoveNode}); empty when there is nothing to recover
     * @throws InvalidInputException when the data or the graph cannot be used
     */
    List<Edit> compensate(CompensationContext context);

    /**
     * The loss that it needs the curvature of, unless the user names another. By default it needs none.
     *
     * @param options its validated options
     */
    default Optional<NamedLoss> loss(Options options) {
        return Optional.empty();
    }
}
