package io.espalier.engine.recover;

/**
 * What became of a weight that was to be fitted. Errors are sums of squared differences from the targets, relative to the
 * sum of squares of the targets, on the rows that were held back; NaN where they were not measured.
 *
 * @param node first output of the node that applies it
 * @param weight its name
 * @param before the error as the cut has left it
 * @param after the error now
 * @param reason why it is as the cut has left it; empty when it was changed
 */
public record FittedWeight(String node, String weight, double before, double after, String reason) {

    /** Whether it was changed. */
    public boolean isChanged() {
        return reason.isEmpty();
    }
}
