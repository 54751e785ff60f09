package io.espalier.engine.verify;

/** A result that {@link Workers} compute. */
@FunctionalInterface
interface Pending<T> {

    /**
     * The result; waits for it. What the work has thrown is thrown again, each time.
     *
     * @throws java.util.concurrent.CancellationException when this thread is interrupted, or the work was given up
     */
    T get();
}
