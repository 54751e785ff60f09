package io.espalier.spi;

import java.util.List;

/**
 * How much work a model may ask for. A few hundred bytes can describe 2^40 nodes or elements; such a model is refused before
 * the work begins. Immutable and thread-safe.
 *
 * @param nodes nodes that result from writing out functions and loops; a file with many nodes may result in {@link
 *     #NODES_A_NODE_READ} times as many
 * @param steps nodes that one run takes in turn, those of a body once for each turn that is known
 * @param elements channel positions that the analysis follows, and elements of the inputs that are made for one run of a proof
 * @param bytes what values take while the model runs; a model whose parameters and inputs are large may take {@link
 *     #BYTES_A_BYTE_READ} times their bytes
 * @param seconds how long a runtime may take for one run
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.2.0")
public record Budget(long nodes, long steps, long elements, long bytes, long seconds) {

    /** More than any network in use asks for, and little enough for a heap of 1 GB. */
    public static final Budget DEFAULT = new Budget(30_000, 1_000_000, 1L << 25, 1L << 29, 120);

    /** The names of the limits, in order. */
    public static final List<String> NAMES = List.of("nodes", "steps", "elements", "bytes", "seconds");

    /** How many nodes may result for each node of the file. */
    public static final int NODES_A_NODE_READ = 64;

    /** How many bytes values may take for each byte of parameters and inputs. */
    public static final int BYTES_A_BYTE_READ = 256;

    /**
     * Checks the limits.
     *
     * @throws IllegalArgumentException when one is less than 1
     */
    public Budget {
        if (nodes < 1 || steps < 1 || elements < 1 || bytes < 1 || seconds < 1) {
            throw new IllegalArgumentException("a budget of nothing");
        }
    }

    /**
     * This budget with another limit.
     *
     * @param name one of {@link #NAMES}
     * @throws IllegalArgumentException when there is no limit of this name, or it is less than 1
     */
    public Budget with(String name, long most) {
        return switch (name) {
            case "nodes" -> new Budget(most, steps, elements, bytes, seconds);
            case "steps" -> new Budget(nodes, most, elements, bytes, seconds);
            case "elements" -> new Budget(nodes, steps, most, bytes, seconds);
            case "bytes" -> new Budget(nodes, steps, elements, most, seconds);
            case "seconds" -> new Budget(nodes, steps, elements, bytes, most);
            default -> throw new IllegalArgumentException("there is no limit '" + name + "'; there are " + NAMES);
        };
    }
}
