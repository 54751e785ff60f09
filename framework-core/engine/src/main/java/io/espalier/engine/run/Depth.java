package io.espalier.engine.run;

import io.espalier.spi.data.Dataset;
import java.util.Optional;

/**
 * How many residual blocks are left out.
 *
 * @param blocks their number; 0 until it is found
 * @param isFound whether the number is found by trying some
 * @param examples what blocks are compared on; empty for random inputs
 */
public record Depth(int blocks, boolean isFound, Optional<Dataset> examples) {

    /** None. */
    public static final Depth NONE = new Depth(0, Optional.empty());

    /** So many. */
    public Depth(int blocks, Optional<Dataset> examples) {
        this(blocks, false, examples);
    }

    /** As many as are worth it. */
    public static Depth found(Dataset examples) {
        return new Depth(0, true, Optional.of(examples));
    }

    Depth on(Optional<Dataset> others) {
        return new Depth(blocks, isFound, others);
    }

    /** As it is asked for, such as {@code 2} or {@code auto}. */
    @Override
    public String toString() {
        return isFound ? "auto" : Integer.toString(blocks);
    }
}
