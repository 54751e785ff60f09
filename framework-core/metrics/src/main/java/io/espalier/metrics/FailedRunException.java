package io.espalier.metrics;

/** Marks an observation as failed; why, the event of the run says. */
final class FailedRunException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    FailedRunException() {
        super("the run failed; its event run_failed says why", null, false, false);
    }
}
