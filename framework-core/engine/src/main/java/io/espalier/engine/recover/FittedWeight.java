package io.espalier.engine.recover;

import java.util.function.UnaryOperator;

/**
 * What became of a weight that was to be fitted. Errors are sums of squared differences from the targets, relative to the
 * sum of squares of the targets, on the rows that were held back, over all nodes that apply the weight; NaN where they
 * were not measured.
 *
 * @param node first output of the first node that applies it
 * @param weight its name
 * @param before the error as the cut has left it
 * @param after the error now
 * @param reason why it is as the cut has left it; empty when it was changed
 * @param note what else is to be said of it; empty when there is nothing
 */
public record FittedWeight(String node, String weight, double before, double after, String reason, String note) {

    /** A weight that is as the cut has left it, and whose error was not measured. */
    static FittedWeight left(String node, String weight, String reason) {
        return new FittedWeight(node, weight, Double.NaN, Double.NaN, reason, "");
    }

    /** The same with other names. */
    public FittedWeight named(UnaryOperator<String> names) {
        return new FittedWeight(names.apply(node), names.apply(weight), before, after, reason, note);
    }

    /** The same with a note. */
    FittedWeight noting(String what) {
        return new FittedWeight(node, weight, before, after, reason, what);
    }

    /** Whether it was changed. */
    public boolean isChanged() {
        return reason.isEmpty();
    }
}
