package io.espalier.spi.criterion;

import io.espalier.spi.Stability;
import java.util.List;

/**
 * Sums of weight times gradient of the loss over slices of parameters: to first order, what the loss loses when a slice is set
 * to zero, with the sign turned. Thread-safe.
 */
@FunctionalInterface
@Stability(value = Stability.Level.EVOLVING, since = "0.3.0")
public interface SliceGradients {

    /**
     * The sums of one axis.
     *
     * @param axis an axis of a parameter of the run
     * @return for each batch, one sum a slice; empty when the loss does not depend on the parameter
     */
    List<double[]> of(ParameterAxis axis);
}
