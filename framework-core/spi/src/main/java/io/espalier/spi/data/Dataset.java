package io.espalier.spi.data;

import io.espalier.spi.Stability;
import io.espalier.spi.tensor.Tensor;
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

    /** All arrays by name, in file order, for instance {@code image} and {@code label}. */
    Map<String, Tensor> arrays();
}
