package io.espalier.api;

import io.espalier.spi.Stability;

/** Hears how far a run has come; called from one thread at a time, at most a few times a second. */
@FunctionalInterface
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public interface ProgressListener {

    /**
     * Takes a step; returns quickly, since the run waits.
     *
     * @param phase what is being done, in words
     * @param done how much is done
     * @param total how much there is to do, 0 when that is not known
     */
    void progress(String phase, long done, long total);
}
