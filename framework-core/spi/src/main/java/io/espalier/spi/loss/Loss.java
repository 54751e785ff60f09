package io.espalier.spi.loss;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Stability;
import io.espalier.spi.provider.Noun;
import io.espalier.spi.provider.Provider;

/**
 * A measure, in nodes of the neutral graph, of how far outputs of a model are from what they ought to be.
 *
 * <p>Stateless and thread-safe.
 */
@Noun("loss")
@Stability(value = Stability.Level.EVOLVING, since = "0.3.0")
public interface Loss extends Provider {

    /**
     * Adds the nodes of the loss to the graph of a model.
     *
     * @param context the model, the labels, and the way to add nodes
     * @return the name of the loss: a real value. Its first axis holds the examples; the engine averages over all other axes and
     *     over the examples. A value of one element is the loss of the whole batch and is taken as it is.
     * @throws InvalidInputException when the outputs or the labels are not what the loss is made for; one sentence that names the
     *     value, and says what to give instead
     */
    String of(LossContext context);
}
