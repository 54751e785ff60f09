package io.espalier.adapter.dl4j.lift;

import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.List;
import java.util.function.Function;

/** A number of channels: what it is in the file, and how it follows from the constants once they were edited. */
public sealed interface Extent {

    /** The number in the file. */
    long original();

    /**
     * The number after edits.
     *
     * @param constants the edited constants by name
     */
    long after(Function<String, Tensor> constants);

    /** A number that no edit changes. */
    record Fixed(long original) implements Extent {
        @Override
        public long after(Function<String, Tensor> constants) {
            return original;
        }
    }

    /** The extent of an axis of a constant. */
    record Axis(String constant, int axis, long original) implements Extent {
        @Override
        public long after(Function<String, Tensor> constants) {
            return constants.apply(constant).shape().get(axis);
        }
    }

    /** What several have together. */
    record Sum(List<Extent> parts) implements Extent {
        public Sum {
            parts = List.copyOf(parts);
        }

        @Override
        public long original() {
            return parts.stream().mapToLong(Extent::original).sum();
        }

        @Override
        public long after(Function<String, Tensor> constants) {
            return parts.stream().mapToLong(part -> part.after(constants)).sum();
        }
    }

    /** A multiple of another, divided by a number that divides it. */
    record Scaled(Extent of, long times, long over) implements Extent {
        @Override
        public long original() {
            return of.original() * times / over;
        }

        @Override
        public long after(Function<String, Tensor> constants) {
            long scaled = of.after(constants) * times;
            if (scaled % over != 0) {
                throw new IllegalArgumentException(scaled + " channels cannot be divided by " + over);
            }
            return scaled / over;
        }
    }

    /** How many times another goes into one. */
    record Quotient(Extent of, Extent by) implements Extent {
        @Override
        public long original() {
            return of.original() / by.original();
        }

        @Override
        public long after(Function<String, Tensor> constants) {
            long divisor = by.after(constants);
            // Nothing is left of a layer that is left out.
            return divisor == 0 ? 0 : of.after(constants) / divisor;
        }
    }

    /** An element of a constant vector of integers. */
    record Element(String constant, int index, long original) implements Extent {
        @Override
        public long after(Function<String, Tensor> constants) {
            return Tensors.toLongs(constants.apply(constant))[index];
        }
    }

    /** The largest of several. */
    record Largest(List<Extent> parts) implements Extent {
        public Largest {
            parts = List.copyOf(parts);
        }

        @Override
        public long original() {
            return parts.stream().mapToLong(Extent::original).max().orElseThrow();
        }

        @Override
        public long after(Function<String, Tensor> constants) {
            return parts.stream().mapToLong(part -> part.after(constants)).max().orElseThrow();
        }
    }

    /** The smaller of two. */
    record Least(Extent one, Extent other) implements Extent {
        @Override
        public long original() {
            return Math.min(one.original(), other.original());
        }

        @Override
        public long after(Function<String, Tensor> constants) {
            return Math.min(one.after(constants), other.after(constants));
        }
    }

    /** From one to another. */
    record Span(Extent from, Extent to) implements Extent {
        @Override
        public long original() {
            return to.original() - from.original();
        }

        @Override
        public long after(Function<String, Tensor> constants) {
            return to.after(constants) - from.after(constants);
        }
    }
}
