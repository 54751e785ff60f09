package io.espalier.engine.recover;

/** A weight is left as it is; the message is the reason that the report gives. */
final class NotFittedException extends Exception {

    private static final long serialVersionUID = 1L;

    NotFittedException(String reason) {
        super(reason);
    }
}
