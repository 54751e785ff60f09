package io.espalier.api;

import io.espalier.spi.Stability;

/** The pruned model could not be proved to compute what the masked original computes; it was not written. */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public final class NotProvedException extends EspalierException {

    private static final long serialVersionUID = 1L;

    private final transient Proof proof;

    NotProvedException(String message, Proof proof, Throwable cause) {
        super(message, cause);
        this.proof = proof;
    }

    /** What was found; null after serialisation. */
    public Proof proof() {
        return proof;
    }
}
