package io.espalier.spi;

import java.util.random.RandomGenerator;

/**
 * What the host offers to a long call: cancellation, progress and randomness.
 *
 * <p>Thread-safe.
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public interface RunContext {

    /**
     * Throws when the run was cancelled; call it between blocks of work.
     *
     * @throws java.util.concurrent.CancellationException when the run was cancelled
     */
    void checkCancelled();

    /**
     * Reports how far a piece of work has come.
     *
     * @param what the work, a short noun phrase
     * @param done units finished
     * @param total units in all, 0 when unknown
     */
    void progress(String what, long done, long total);

    /**
     * A random stream that depends on the seed of the run and on the two names, never on the order of calls.
     *
     * @param provider name of the asking extension
     * @param subject what the numbers are for, such as a group or a parameter
     */
    RandomGenerator random(String provider, String subject);
}
