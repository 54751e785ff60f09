package io.espalier.spi.allocator;

import io.espalier.spi.Stability;

/**
 * A group with the normalised score of each of its coupled channels.
 *
 * @param name a name for people: the first parameter the group prunes
 * @param signature equal for groups of the same structure: operators, roles and widths, but no names or weights
 * @param scores normalised score of each coupled channel; the array is not copied and must not be changed
 * @param savings what removing channels saves
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public record ScoredGroup(String name, String signature, double[] scores, Savings savings) {

    /** What removing channels of a group saves. Thread-safe; computed when asked for. */
    @FunctionalInterface
    public interface Savings {

        /** What removing one coupled channel saves, and nothing else, from the unpruned network. */
        Saving of(int channel);
    }

    /**
     * A saving.
     *
     * @param macs multiply-accumulates
     * @param parameters trained elements
     * @param bytes bytes of constants
     * @param nanos time of one run in the native runtime, as a mean over all channels of the group; 0 where no latency is
     *     the target, for then nothing is timed
     */
    public record Saving(long macs, long parameters, long bytes, long nanos) {

        /** A saving of which no time was measured. */
        public Saving(long macs, long parameters, long bytes) {
            this(macs, parameters, bytes, 0);
        }
    }
}
