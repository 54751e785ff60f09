package io.espalier.spi.data;

import io.espalier.spi.Stability;
import java.util.OptionalLong;

/**
 * How examples are divided into batches.
 *
 * @param size most examples in a batch, at least 1; a model whose inputs have a fixed first extent overrides it
 * @param most most examples in all, at least 1
 * @param remainder what becomes of examples that do not fill a batch
 * @param seed shuffles the examples; empty keeps the order of the file
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.2.0")
public record BatchOptions(int size, long most, Remainder remainder, OptionalLong seed) {

    /** What becomes of examples that do not fill a batch. */
    public enum Remainder {
        /** They are a smaller batch; where the model has a fixed batch, it is padded with the last example. */
        KEEP,
        /** All batches are of nearly equal size; where the model has a fixed batch, the remainder is left out. */
        SPREAD,
        /** They are left out. */
        DROP
    }

    public BatchOptions {
        if (size < 1 || most < 1) {
            throw new IllegalArgumentException("batches of " + size + " of at most " + most + " examples");
        }
    }

    /** All examples in their order, the last batch smaller than the others. */
    public static BatchOptions of(int size) {
        return new BatchOptions(size, Long.MAX_VALUE, Remainder.KEEP, OptionalLong.empty());
    }

    /** These options with at most so many examples in all. */
    public BatchOptions atMost(long examples) {
        return new BatchOptions(size, examples, remainder, seed);
    }

    /** These options with another treatment of the remainder. */
    public BatchOptions with(Remainder other) {
        return new BatchOptions(size, most, other, seed);
    }

    /** These options with the examples shuffled: the same seed gives the same order on every machine. */
    public BatchOptions shuffled(long by) {
        return new BatchOptions(size, most, remainder, OptionalLong.of(by));
    }
}
