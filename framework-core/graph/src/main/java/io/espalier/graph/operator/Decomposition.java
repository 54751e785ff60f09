package io.espalier.graph.operator;

/**
 * Says how an operator is made of simpler ones, for those who cannot do with the operator itself: fused operators and
 * recurrent cells are differentiated in this form.
 */
@FunctionalInterface
public interface Decomposition {

    /**
     * Adds nodes that compute the outputs of one application.
     *
     * @param expansion the application; takes a value for each output that somebody reads
     * @throws MisfitException when this application cannot be expressed; the message completes "... because"
     */
    void apply(Expansion expansion);
}
