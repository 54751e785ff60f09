package io.espalier.spi.data;

import io.espalier.spi.Quoted;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The rows of an array in the shape of an input, where that is beyond doubt: axes of extent 1 are added and left out, flat
 * rows are folded and rows are flattened in row-major order, and channels are moved from the last axis to the second or
 * back.
 *
 * @param array the array in the shape of the input
 * @param note what was done to it, when it is more than axes of extent 1
 */
record Arrangement(Tensor array, Optional<String> note) {

    private static final int IMAGE_RANK = 4;
    private static final long MOST_CHANNELS = 4;

    /** The arrangement an input can take; empty when there is none. */
    static Optional<Arrangement> of(String name, Tensor array, List<Dimension> expected) {
        List<Long> found = array.shape();
        if (fits(expected, found)) {
            return Optional.of(new Arrangement(array, Optional.empty()));
        }
        return padded(expected, found)
                .map(shape -> new Arrangement(new ReshapedTensor(array, shape), Optional.empty()))
                .or(() -> transposed(name, array, expected))
                .or(() -> folded(expected, found)
                        .map(shape -> new Arrangement(
                                new ReshapedTensor(array, shape),
                                Optional.of("The rows of the array " + Quoted.name(name) + " of shape " + found
                                        + " were read as " + shape.subList(1, shape.size())
                                        + ", the last axis fastest."))));
    }

    static boolean fits(List<Dimension> expected, List<Long> found) {
        boolean fits = expected.size() == found.size();
        for (int axis = 1; fits && axis < found.size(); axis++) {
            fits = takes(expected.get(axis), found.get(axis));
        }
        return fits;
    }

    private static boolean takes(Dimension expected, long found) {
        return !(expected instanceof Dimension.Fixed fixed) || fixed.extent() == found;
    }

    /** The shape with axes of extent 1 added and left out. */
    private static Optional<List<Long>> padded(List<Dimension> expected, List<Long> found) {
        if (expected.isEmpty()) {
            return Optional.empty();
        }
        List<Long> shape = new ArrayList<>(List.of(found.get(0)));
        List<Long> left = new ArrayList<>(
                found.stream().skip(1).filter(extent -> extent != 1).toList());
        for (Dimension axis : expected.subList(1, expected.size())) {
            boolean one = axis instanceof Dimension.Fixed fixed && fixed.extent() == 1;
            if (one) {
                shape.add(1L);
            } else if (left.isEmpty() || !takes(axis, left.get(0))) {
                return Optional.empty();
            } else {
                shape.add(left.remove(0));
            }
        }
        return left.isEmpty() ? Optional.of(shape) : Optional.empty();
    }

    private static Optional<Arrangement> transposed(String name, Tensor array, List<Dimension> expected) {
        List<Long> found = array.shape();
        if (found.size() != IMAGE_RANK || expected.size() != IMAGE_RANK) {
            return Optional.empty();
        }
        for (int[] axes : new int[][] {{0, 3, 1, 2}, {0, 2, 3, 1}}) {
            Tensor moved = Tensors.permuted(array, axes);
            int channels = axes[1] == IMAGE_RANK - 1 ? 1 : IMAGE_RANK - 1;
            boolean image = expected.get(channels) instanceof Dimension.Fixed fixed && fixed.extent() <= MOST_CHANNELS;
            if (image && fits(expected, moved.shape())) {
                return Optional.of(new Arrangement(
                        moved,
                        Optional.of("The array " + Quoted.name(name) + " of shape " + found + " was transposed to "
                                + moved.shape() + ": the input has its channels in axis " + channels + ".")));
            }
        }
        return Optional.empty();
    }

    /** The shape of flat rows that are folded, or of rows that are flattened. */
    private static Optional<List<Long>> folded(List<Dimension> expected, List<Long> found) {
        boolean flat = found.size() == 2 && expected.size() > 2 || found.size() > 2 && expected.size() == 2;
        List<Long> shape = new ArrayList<>(List.of(found.get(0)));
        long elements = 1;
        for (Dimension axis : expected.subList(Math.min(1, expected.size()), expected.size())) {
            if (!flat || !(axis instanceof Dimension.Fixed fixed)) {
                return Optional.empty();
            }
            shape.add(fixed.extent());
            elements = Math.multiplyExact(elements, fixed.extent());
        }
        long row = found.stream().skip(1).reduce(1L, Math::multiplyExact);
        return flat && row == elements ? Optional.of(shape) : Optional.empty();
    }
}
