package io.espalier.graph.operator;

/**
 * Says how the gradient of a loss by the inputs of a node follows from the gradient by its outputs: the vector-Jacobian
 * product of one application, written in operators of the neutral graph, so that it can be differentiated again.
 */
@FunctionalInterface
public interface GradientRule {

    /** Of an operator whose outputs do not change, or leap, when an input changes a little: no gradient passes. */
    GradientRule NONE = backward -> {};

    /**
     * Adds nodes that compute gradients.
     *
     * @param backward the application; takes a gradient for each input that {@link Backward#wants} names one for, and
     *     none for an input that the outputs do not depend on
     * @throws MisfitException when this application has no gradient; the message completes "... because"
     */
    void apply(Backward backward);
}
