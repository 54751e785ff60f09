package io.espalier.spi.criterion;

import io.espalier.spi.Stability;
import io.espalier.spi.tensor.DataType;
import java.util.List;

/**
 * A parameter seen as slices along one of its axes: what an {@link ImportanceCriterion} scores.
 *
 * <p>Values are read from the file in blocks. Thread-safe.
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public interface ParameterAxis {

    /**
     * Name of the constant, under which evidence knows it. Where a file stores equal parameters of several operators once, each has
     * a name of its own, which says whose it is.
     */
    String parameter();

    /** The axis, from 0. */
    int axis();

    /** Number of slices: the extent of the axis. */
    int size();

    /** What the axis means to the coupled channels. */
    ParameterRole role();

    /** Element type. */
    DataType type();

    /** Extents of the whole parameter. */
    List<Long> shape();

    /**
     * Feeds every element once, in storage order.
     *
     * @param consumer receives the slice an element belongs to, and the element
     */
    void forEach(SliceConsumer consumer);

    /**
     * Feeds every element once, in storage order, as runs of neighbours whose slices advance by a constant step. Faster
     * than {@link #forEach} for criteria that add up, because parameters are made of long runs: a filter lies in one piece
     * (step 0), the inputs of a 1 x 1 convolution take turns (step 1).
     *
     * @param consumer receives the runs
     */
    default void forEachRun(RunConsumer consumer) {
        double[] single = new double[1];
        forEach((slice, value) -> {
            single[0] = value;
            consumer.accept(slice, 0, single, 0, 1);
        });
    }

    /** All elements of one slice, in storage order; for criteria that compare slices. */
    float[] slice(int index);

    /** Receives elements with the slice they belong to. */
    @FunctionalInterface
    interface SliceConsumer {

        void accept(int slice, double value);
    }

    /** Receives runs of elements. */
    @FunctionalInterface
    interface RunConsumer {

        /**
         * Takes one run.
         *
         * @param slice the slice of the first element
         * @param step what each element adds to the slice of the one before
         * @param values holds the elements; must not be kept or changed
         * @param from index of the first element
         * @param to index behind the last element
         */
        void accept(int slice, int step, double[] values, int from, int to);
    }
}
