package io.espalier.graph.operator;

import io.espalier.graph.symbol.Dim;
import java.util.function.UnaryOperator;

/**
 * Operators that are linear along each axis by itself, such as interpolation: the matrix of an axis is what the operator
 * makes of the identity matrix, and its transpose carries gradients back.
 */
final class AxisMatrix {

    private AxisMatrix() {}

    /**
     * Carries a gradient back along one axis.
     *
     * @param gradient of the output, already carried back along the other axes before this one
     * @param input the operand of the operator, a value of the graph
     * @param forward applies the operator to the first axis of a square matrix
     */
    static String back(Emitter e, String gradient, String input, int axis, UnaryOperator<String> forward) {
        int rank = e.shapeOf(input).size();
        String matrix = forward.apply(identity(e, input, axis));
        int last = rank - 1;
        if (axis == last) {
            return e.multiplyMatrices(gradient, matrix);
        }
        int[] exchanged = exchanged(rank, axis, last);
        String along = e.transpose(gradient, exchanged);
        return e.transpose(e.multiplyMatrices(along, matrix), exchanged);
    }

    private static int[] exchanged(int rank, int axis, int last) {
        int[] permutation = new int[rank];
        for (int i = 0; i < rank; i++) {
            permutation[i] = i == axis ? last : i == last ? axis : i;
        }
        return permutation;
    }

    /** The identity matrix of the extent of an axis. */
    static String identity(Emitter e, String input, int axis) {
        Dim extent = e.shapeOf(input).get(axis);
        String size = extent.isConstant() ? e.vector(extent.constant()) : e.extents(input, axis, axis + 1);
        return e.compute(Nodes::identity, e.zeros(e.concatenate(0, size, size)));
    }
}
