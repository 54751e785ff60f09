package io.espalier.graph.shape;

/** How the outputs of an operator follow from its inputs. */
@FunctionalInterface
interface Rule {

    /**
     * Says what it knows of the outputs; what it does not mention stays unknown.
     *
     * @throws ShapeConflict when the inputs contradict each other
     */
    void infer(NodeScope scope);
}
