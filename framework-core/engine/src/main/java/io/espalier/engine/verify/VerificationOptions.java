package io.espalier.engine.verify;

import io.espalier.spi.tensor.Tensor;
import java.util.Map;
import java.util.Optional;

/**
 * How a pruned model is proved.
 *
 * @param seed seed of the random inputs
 * @param seeds how many random inputs are tried for each assignment of extents
 * @param symbols extents of symbolic dimensions that the user fixed, by name
 * @param data real inputs to try as well, by name
 */
public record VerificationOptions(long seed, int seeds, Map<String, Long> symbols, Optional<Map<String, Tensor>> data) {

    /** Three random inputs, nothing fixed. */
    public static final VerificationOptions DEFAULT = new VerificationOptions(0, 3, Map.of(), Optional.empty());
}
