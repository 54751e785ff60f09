package io.espalier.graph.operator;

/** The operands or attributes of a node do not fit what its operator is. */
public final class MisfitException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    public MisfitException(String message) {
        super(message);
    }
}
