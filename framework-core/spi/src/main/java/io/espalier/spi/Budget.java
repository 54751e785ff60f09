package io.espalier.spi;

/**
 * How much work a model may ask for. A few hundred bytes can describe 2^40 nodes or elements; such a model is refused before
 * the work begins. Immutable and thread-safe.
 *
 * @param nodes nodes once functions and loops are written out
 * @param labels positions that one analysis follows, and those of one value along the axes that can be pruned
 * @param steps nodes that one run takes in turn, those of a body once for each turn that is known
 * @param inputElements elements of one input that is made for the proof
 * @param elements elements of one value while the model runs
 * @param constantElements elements of one value that does not depend on an input
 * @param seconds how long a runtime may take for one run
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.2.0")
public record Budget(
        long nodes, long labels, long steps, long inputElements, long elements, long constantElements, long seconds) {

    /** Several times what the largest networks in use ask for. */
    public static final Budget DEFAULT = new Budget(30_000, 1L << 25, 1_000_000, 1L << 24, 1L << 30, 1L << 27, 120);

    public Budget {
        if (nodes < 1
                || labels < 1
                || steps < 1
                || inputElements < 1
                || elements < 1
                || constantElements < 1
                || seconds < 1) {
            throw new IllegalArgumentException("a budget of nothing");
        }
    }

    /**
     * Refuses a number of positions that is too large to be followed.
     *
     * @throws BudgetException when it is
     */
    public void requireLabels(long positions) {
        if (positions > labels || positions < 0) {
            throw new BudgetException("more than " + labels + " positions would have to be followed");
        }
    }
}
