package io.espalier.plugin.npz;

import java.util.List;

/** Rearranges arrays whose first axis varies fastest. */
final class FortranOrder {

    private FortranOrder() {}

    static byte[] toRowMajor(byte[] columnMajor, NpyHeader header) {
        List<Long> shape = header.shape();
        int width = header.type().bytes();
        int rank = shape.size();
        int[] steps = new int[rank];
        int step = width;
        for (int axis = 0; axis < rank; axis++) {
            steps[axis] = step;
            step *= Math.toIntExact(shape.get(axis));
        }
        byte[] rowMajor = new byte[columnMajor.length];
        int[] position = new int[rank];
        int source = 0;
        for (int target = 0; target < rowMajor.length; target += width) {
            System.arraycopy(columnMajor, source, rowMajor, target, width);
            int axis = rank - 1;
            source += steps[axis];
            while (++position[axis] == shape.get(axis) && axis > 0) {
                source -= position[axis] * steps[axis];
                position[axis] = 0;
                axis--;
                source += steps[axis];
            }
        }
        return rowMajor;
    }
}
