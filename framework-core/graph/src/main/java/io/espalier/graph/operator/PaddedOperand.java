package io.espalier.graph.operator;

/** What the window of a convolution slides over, with its zeros around it. */
final class PaddedOperand {

    private PaddedOperand() {}

    /**
     * Emits it.
     *
     * @param first the first axis of places
     */
    static String of(Emitter e, String operand, Window window, int first) {
        if (window.pads().stream().allMatch(pad -> pad == 0)) {
            return operand;
        }
        int spatial = window.kernel().size();
        int rank = spatial + 2;
        long[] amounts = new long[2 * rank];
        for (int axis = 0; axis < spatial; axis++) {
            amounts[axis + first] = window.pads().get(axis);
            amounts[axis + first + rank] = window.pads().get(axis + spatial);
        }
        return e.compute(Nodes::pad, operand, e.vector(amounts));
    }
}
