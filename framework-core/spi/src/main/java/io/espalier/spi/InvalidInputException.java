package io.espalier.spi;

/**
 * The input of a run cannot be used: a broken file, an unknown name, a contradiction. The message is one clear sentence
 * that says what is wrong, where, and what to do; it is shown to the user without a stack trace.
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public class InvalidInputException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public InvalidInputException(String message) {
        super(message);
    }

    public InvalidInputException(String message, Throwable cause) {
        super(message, cause);
    }
}
