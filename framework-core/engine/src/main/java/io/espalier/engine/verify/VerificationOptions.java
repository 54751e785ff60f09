package io.espalier.engine.verify;

import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.Budget;
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
 * @param memory bytes that runtimes may take; a model whose weights alone need more is proved block by block
 * @param threads how many runtimes compute side by side, at least 1, as long as the memory allows; the result does not
 *     depend on it
 * @param budget how much work the model may ask for
 */
public record VerificationOptions(
        long seed,
        int seeds,
        Map<String, Long> symbols,
        Optional<Map<String, Tensor>> data,
        long memory,
        int threads,
        Budget budget) {

    /** What runtimes may take unless another limit is set: 1 GiB. */
    public static final long DEFAULT_MEMORY = 1L << 30;

    /** Three random inputs, nothing fixed. */
    public static final VerificationOptions DEFAULT = new VerificationOptions(0, 3, Map.of(), Optional.empty());

    /** A runtime holds weights as they are in the file, and in the layout its kernels want. */
    private static final int COPIES = 2;

    public VerificationOptions {
        if (threads < 1) {
            throw new IllegalArgumentException("a proof needs at least one thread, not " + threads);
        }
    }

    /** Options with the default budget. */
    public VerificationOptions(
            long seed,
            int seeds,
            Map<String, Long> symbols,
            Optional<Map<String, Tensor>> data,
            long memory,
            int threads) {
        this(seed, seeds, symbols, data, memory, threads, Budget.DEFAULT);
    }

    /** Options with the default budget and memory and one thread. */
    public VerificationOptions(long seed, int seeds, Map<String, Long> symbols, Optional<Map<String, Tensor>> data) {
        this(seed, seeds, symbols, data, DEFAULT_MEMORY, 1);
    }

    /** Whether a runtime that has loaded a model as a whole stays within a number of bytes. */
    public static boolean fits(Graph graph, long memory) {
        return Blocks.weigh(graph) <= memory / COPIES;
    }

    boolean fits(Graph graph) {
        return fits(graph, memory);
    }

    /** How many runtimes that have loaded a graph as a whole stay within the memory together. */
    int workers(Graph graph, Shapes shapes, Operators operators) {
        long activations = Extents.tried(graph, shapes, operators, symbols, data).stream()
                .mapToLong(extents -> Activations.peak(graph, shapes, extents))
                .max()
                .orElse(0);
        long each = Math.max(1, COPIES * Blocks.weigh(graph) + activations);
        return (int) Math.max(1, Math.min(threads, memory / each));
    }

    /** What the weights of a block may weigh. */
    long blockWeight() {
        return memory / COPIES;
    }
}
