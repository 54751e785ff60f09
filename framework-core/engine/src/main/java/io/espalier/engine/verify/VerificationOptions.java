package io.espalier.engine.verify;

import io.espalier.spi.graph.Graph;
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
 * @param memory bytes that a runtime may take for the weights it has loaded; a model that needs more is proved block by
 *     block
 */
public record VerificationOptions(
        long seed, int seeds, Map<String, Long> symbols, Optional<Map<String, Tensor>> data, long memory) {

    /** What a runtime may take unless told otherwise: 1 GiB. */
    public static final long DEFAULT_MEMORY = 1L << 30;

    /** Three random inputs, nothing fixed. */
    public static final VerificationOptions DEFAULT = new VerificationOptions(0, 3, Map.of(), Optional.empty());

    /** A runtime holds weights as they are in the file, and in the layout its kernels want. */
    private static final int COPIES = 2;

    /** Options with the default memory. */
    public VerificationOptions(long seed, int seeds, Map<String, Long> symbols, Optional<Map<String, Tensor>> data) {
        this(seed, seeds, symbols, data, DEFAULT_MEMORY);
    }

    /** Whether a runtime that has loaded a model as a whole stays within a number of bytes. */
    public static boolean fits(Graph graph, long memory) {
        return Blocks.weigh(graph) <= memory / COPIES;
    }

    boolean fits(Graph graph) {
        return fits(graph, memory);
    }

    /** What the weights of a block may weigh. */
    long blockWeight() {
        return memory / COPIES;
    }
}
