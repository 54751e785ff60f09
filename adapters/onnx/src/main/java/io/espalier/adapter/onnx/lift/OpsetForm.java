package io.espalier.adapter.onnx.lift;

/** How an operator is said before the neutral opset, in both directions. */
interface OpsetForm {

    /** Brings a native node of an opset to the neutral form. */
    void lift(NodeDraft node, int opset);

    /**
     * Brings a neutral node to the form that it has at an opset. What that form cannot say stays as it is or is left out:
     * {@link NodeLowering} lifts the result again and refuses what does not come back.
     */
    void lower(NativeDraft node, int opset);
}
