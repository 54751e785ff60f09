package io.espalier.engine.loss;

import io.espalier.spi.data.Batch;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * An input of a loss that labels are fed to.
 *
 * @param type what the loss takes
 * @param source the labels of a batch, one row an example
 */
record LabelInput(ValueType type, Function<Batch, Tensor> source) {

    /** Whether an array has the form of what a loss takes, apart from axes of extent 1. */
    static boolean fits(Tensor array, ValueType form) {
        if (array.type().isFloating() && !form.type().isFloating()) {
            return false;
        }
        List<Dimension> wanted = form.shape().orElseThrow();
        List<Long> given = array.shape();
        if (given.size() == wanted.size()) {
            return agree(given.subList(1, given.size()), wanted.subList(1, wanted.size()));
        }
        boolean known = wanted.stream().skip(1).allMatch(Dimension.Fixed.class::isInstance);
        return known && plain(given).equals(plain(fixed(wanted, 1)));
    }

    private static boolean agree(List<Long> given, List<Dimension> wanted) {
        for (int axis = 0; axis < given.size(); axis++) {
            if (wanted.get(axis) instanceof Dimension.Fixed fixed && fixed.extent() != given.get(axis)) {
                return false;
            }
        }
        return true;
    }

    private static List<Long> plain(List<Long> shape) {
        return shape.stream().skip(1).filter(extent -> extent != 1).toList();
    }

    private static List<Long> fixed(List<Dimension> shape, long first) {
        List<Long> extents = new ArrayList<>(List.of(first));
        shape.stream().skip(1).forEach(each -> extents.add(((Dimension.Fixed) each).extent()));
        return extents;
    }

    /** These labels for any number of examples. */
    LabelInput open() {
        List<Dimension> shape = new ArrayList<>(type.shape().orElseThrow());
        shape.set(0, new Dimension.Unknown());
        return new LabelInput(new ValueType(type.type(), Optional.of(shape)), source);
    }

    /** The labels of a batch, with zeros for examples that only fill it up. */
    Tensor of(Batch batch, int fed) {
        Tensor rows = source.apply(batch);
        List<Dimension> wanted = type.shape().orElseThrow();
        List<Long> shape = new ArrayList<>(rows.shape().size() == wanted.size() ? rows.shape() : fixed(wanted, fed));
        shape.set(0, (long) fed);
        int size = Math.toIntExact(shape.stream().reduce(1L, (a, b) -> a * b));
        return Tensors.fromDoubles(type.type(), shape, Arrays.copyOf(Tensors.toDoubles(rows), size));
    }
}
