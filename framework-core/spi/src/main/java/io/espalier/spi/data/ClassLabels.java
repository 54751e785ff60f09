package io.espalier.spi.data;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import io.espalier.spi.RunContext;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.Optional;

/** The class of each example: one whole number of any type an example, or a row of zeros with a single one. */
final class ClassLabels {

    private final String name;
    private final Tensor array;
    private final int width;
    private final long smallest;
    private final long rowOfSmallest;
    private final long largest;
    private final long rowOfLargest;

    private ClassLabels(String name, Tensor array, ElementSummary labels) {
        this.name = name;
        this.array = array;
        this.width = 1;
        this.smallest = (long) labels.smallest();
        this.rowOfSmallest = labels.rowOfSmallest();
        this.largest = (long) labels.largest();
        this.rowOfLargest = labels.rowOfLargest();
    }

    private ClassLabels(String name, Tensor array, OneHotRows rows) {
        this.name = name;
        this.array = array;
        this.width = rows.width;
        this.smallest = 0;
        this.rowOfSmallest = 0;
        this.largest = rows.largest;
        this.rowOfLargest = rows.rowOfLargest;
    }

    /** The classes an array holds; empty when it holds something else. */
    static Optional<ClassLabels> of(String name, Tensor array, RunContext context) {
        long width = Rows.width(array);
        if (width == 1 && !array.type().isFloating()) {
            return Optional.of(new ClassLabels(name, array, ElementSummary.of(name, array, context)));
        }
        if (width < 2 || width > Integer.MAX_VALUE || array.shape().size() != 2) {
            return Optional.empty();
        }
        OneHotRows rows = new OneHotRows((int) width);
        Tensors.forEach(array, rows);
        return rows.valid && rows.ones == array.shape().get(0)
                ? Optional.of(new ClassLabels(name, array, rows))
                : Optional.empty();
    }

    /** The classes of some rows. */
    long[] read(long[] rows) {
        Tensor some = Rows.of(name, array, rows);
        if (width == 1) {
            return Tensors.toLongs(some);
        }
        long[] classes = new long[rows.length];
        Tensors.forEach(some, (index, value) -> {
            if (value == 1) {
                classes[(int) (index / width)] = index % width;
            }
        });
        return classes;
    }

    /** Refuses labels that are none of the classes. */
    void require(long classes) {
        if (smallest < 0) {
            throw refused(smallest, rowOfSmallest, classes);
        }
        if (largest >= classes) {
            throw refused(largest, rowOfLargest, classes);
        }
    }

    private InvalidInputException refused(long label, long row, long classes) {
        return new InvalidInputException(
                "The array " + Quoted.name(name) + " holds the label " + label + " in row " + row
                        + " (rows count from 0), but the model has the classes 0 to " + (classes - 1)
                        + "; correct the labels, or give data that fits the model.");
    }

    /** Looks for exactly one one in each row. */
    private static final class OneHotRows implements Tensors.ElementConsumer {

        private final int width;
        private boolean valid = true;
        private long ones;
        private long largest;
        private long rowOfLargest;

        OneHotRows(int width) {
            this.width = width;
        }

        @Override
        public void accept(long index, double value) {
            if (value == 1) {
                // The n-th one must stand in the n-th row.
                valid &= index / width == ones;
                ones++;
                if (index % width > largest) {
                    largest = index % width;
                    rowOfLargest = index / width;
                }
            } else {
                valid &= value == 0;
            }
        }
    }
}
