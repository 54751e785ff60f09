package io.espalier.adapter.tflite.lift;

/** An operator cannot be expressed in neutral operators; the message says why. */
final class NotLiftedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NotLiftedException(String message) {
        super(message);
    }
}
