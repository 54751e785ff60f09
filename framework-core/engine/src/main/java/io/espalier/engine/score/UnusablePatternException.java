package io.espalier.engine.score;

import io.espalier.spi.InvalidInputException;

/** A pattern of names matches nothing, or patterns leave nothing to prune. */
public final class UnusablePatternException extends InvalidInputException {

    private static final long serialVersionUID = 1L;

    UnusablePatternException(String message) {
        super(message);
    }
}
