package io.espalier.adapter.dl4j.lift;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;

/**
 * A constant as a view of the flat vector of parameters: every position of every axis has an offset, and an element lies
 * at the sum of the offsets of its positions.
 *
 * @param base index of the first element
 * @param offsets one list for each axis; a negative offset makes an element that is not in the file and reads as zero
 * @param code how elements are stored
 */
public record FlatView(long base, List<long[]> offsets, Code code) {

    private static final long ABSENT = Long.MIN_VALUE / 4;

    /** How elements of a constant are stored in the file. */
    public enum Code {
        /** As they are. */
        PLAIN {
            @Override
            double decode(double stored) {
                return stored;
            }

            @Override
            public double encode(double value) {
                return value;
            }
        },
        /** A variance, of which the file holds the decimal logarithm of the square root. */
        LOG10_OF_ROOT {
            @Override
            double decode(double stored) {
                // The library computes this in single precision.
                float deviation = (float) Math.pow(10, stored);
                return deviation * deviation;
            }

            @Override
            public double encode(double value) {
                float stored = nearest(value);
                float again = nearest(decode(stored));
                // What the file is read as must be stored as the same number: files are rebuilt from what was read of
                // them.
                while (Float.compare(again, stored) != 0) {
                    stored = again;
                    again = nearest(decode(stored));
                }
                return stored;
            }

            private float nearest(double value) {
                return (float) (Math.log10(value) / 2);
            }
        };

        abstract double decode(double stored);

        /** The number to store for an element. */
        public abstract double encode(double value);
    }

    public FlatView {
        offsets = List.copyOf(offsets);
    }

    /** Elements in row-major order, without gaps. */
    static FlatView rowMajor(long base, long... extents) {
        List<long[]> offsets = new ArrayList<>();
        long stride = 1;
        for (int axis = extents.length - 1; axis >= 0; axis--) {
            offsets.add(0, steps(extents[axis], stride));
            stride *= extents[axis];
        }
        return new FlatView(base, offsets, Code.PLAIN);
    }

    /** Offsets of positions that lie a constant step apart. */
    static long[] steps(long extent, long stride) {
        return LongStream.range(0, extent).map(i -> i * stride).toArray();
    }

    /** Offsets of positions for which the file has no elements. */
    static long[] absent(int extent) {
        long[] offsets = new long[extent];
        Arrays.fill(offsets, ABSENT);
        return offsets;
    }

    FlatView coded(Code other) {
        return new FlatView(base, offsets, other);
    }

    /** Extents of the axes. */
    public List<Long> shape() {
        return offsets.stream().map(axis -> (long) axis.length).toList();
    }

    /** Some positions of one axis. */
    public FlatView slice(int axis, int[] keep) {
        if (axis < 0 || axis >= offsets.size()) {
            throw new IllegalArgumentException("no axis " + axis + " in shape " + shape());
        }
        long[] all = offsets.get(axis);
        long[] kept = new long[keep.length];
        for (int i = 0; i < keep.length; i++) {
            if (keep[i] < 0 || keep[i] >= all.length || i > 0 && keep[i] <= keep[i - 1]) {
                throw new IllegalArgumentException(
                        "positions to keep must ascend within axis " + axis + " of " + shape());
            }
            kept[i] = all[keep[i]];
        }
        List<long[]> changed = new ArrayList<>(offsets);
        changed.set(axis, kept);
        return new FlatView(base, changed, code);
    }

    /**
     * Feeds the index of elements in row-major order; a negative number stands for an element that is not in the file.
     *
     * @param from row-major position of the first element
     * @param count number of elements
     */
    public void forEach(long from, long count, LongConsumer consumer) {
        if (count == 0) {
            return;
        }
        int rank = offsets.size();
        int[] position = new int[rank];
        long rest = from;
        for (int axis = rank - 1; axis >= 0; axis--) {
            position[axis] = (int) (rest % offsets.get(axis).length);
            rest /= offsets.get(axis).length;
        }
        long[] inner = offsets.get(rank - 1);
        for (long done = 0; done < count; ) {
            long row = base;
            for (int axis = 0; axis < rank - 1; axis++) {
                row += offsets.get(axis)[position[axis]];
            }
            for (int i = position[rank - 1]; i < inner.length && done < count; i++, done++) {
                consumer.accept(row + inner[i]);
            }
            position[rank - 1] = 0;
            for (int axis = rank - 2; axis >= 0 && ++position[axis] == offsets.get(axis).length; axis--) {
                position[axis] = 0;
            }
        }
    }

    /** Number of elements. */
    public long size() {
        return offsets.stream().mapToLong(axis -> axis.length).reduce(1, Math::multiplyExact);
    }
}
