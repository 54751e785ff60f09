package io.espalier.graph.gradient;

import io.espalier.spi.InvalidInputException;

/** A gradient was asked for that does not exist, or that nobody knows a rule for; the message names the operator and the way to the loss. */
public final class NotDifferentiableException extends InvalidInputException {

    private static final long serialVersionUID = 1L;

    private final String operator;

    NotDifferentiableException(String operator, String message) {
        super(message);
        this.operator = operator;
    }

    /** The operator that no gradient passes, with its domain. */
    public String operator() {
        return operator;
    }
}
