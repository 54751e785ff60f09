package io.espalier.spi.optimizer;

import io.espalier.spi.Stability;
import io.espalier.spi.option.Options;
import io.espalier.spi.provider.Noun;
import io.espalier.spi.provider.Provider;
import java.util.List;

/**
 * A rule by which weights follow gradients.
 *
 * <p>Stateless and thread-safe: weights are changed side by side. The same arguments give the same bits.
 */
@Noun("optimizer")
@Stability(value = Stability.Level.EVOLVING, since = "0.3.0")
public interface Optimizer extends Provider {

    /** The learning rate where none is given, above 0. */
    double defaultRate();

    /**
     * What is kept for every element of a weight between steps, such as {@code momentum}; each begins with zeros.
     *
     * @param options validated options of the optimizer
     */
    List<String> state(Options options);

    /**
     * Changes a weight.
     *
     * @param weight its elements, changed in place
     * @param gradient the gradient of the loss by each element, which may be overwritten
     * @param state an array for each name of {@link #state}, an element for each of the weight, changed in place
     * @param step which step it is
     */
    void update(float[] weight, float[] gradient, List<float[]> state, OptimizerStep step);
}
