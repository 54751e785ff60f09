package io.espalier.engine.verify;

import io.espalier.spi.InvalidInputException;
import java.util.function.UnaryOperator;

/** The runtime of a model loads or runs the model itself for no input, so that nothing can be proved about a pruned one. */
public final class OriginalRefusedException extends InvalidInputException {

    private static final long serialVersionUID = 1L;

    OriginalRefusedException(String what) {
        super(what);
    }

    OriginalRefusedException(String what, Throwable cause) {
        super(what, cause);
    }

    /** The same with other names in its sentence. */
    public OriginalRefusedException named(UnaryOperator<String> names) {
        return new OriginalRefusedException(names.apply(getMessage()), this);
    }
}
