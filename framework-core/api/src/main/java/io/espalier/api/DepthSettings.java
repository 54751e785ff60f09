package io.espalier.api;

import io.espalier.engine.run.Depth;
import io.espalier.spi.data.Dataset;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How many residual blocks are left out.
 *
 * @param blocks how many, where the number is not found by trying some
 * @param isFound whether it is
 */
record DepthSettings(int blocks, boolean isFound) {

    static final DepthSettings NONE = new DepthSettings(0, false);

    DepthSettings blocks(int number) {
        return new DepthSettings(number, isFound);
    }

    DepthSettings found() {
        return new DepthSettings(blocks, true);
    }

    boolean isAsked() {
        return blocks > 0 || isFound;
    }

    /** Whether blocks alone are left out, and all channels of the others remain. */
    boolean isAlone(Optional<String> target) {
        return blocks > 0 && target.isEmpty();
    }

    /**
     * What a run needs to know.
     *
     * @param compared what blocks are compared on, where there is such data
     * @param tried what numbers of blocks are tried on
     */
    Depth depth(Supplier<Optional<Dataset>> compared, Supplier<Dataset> tried) {
        ValidSetting.of("depth", blocks, blocks >= 0, "give how many residual blocks are left out, or 0");
        if (isFound) {
            return Depth.found(tried.get());
        }
        return blocks == 0 ? Depth.NONE : new Depth(blocks, compared.get());
    }

    /** As a setting of a journal. */
    String journal() {
        return isFound ? "auto" : Integer.toString(blocks);
    }
}
