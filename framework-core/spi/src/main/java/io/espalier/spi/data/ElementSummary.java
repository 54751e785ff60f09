package io.espalier.spi.data;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import io.espalier.spi.RunContext;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;

/** The elements of an array in a few numbers, found in one pass that holds one block in memory. */
final class ElementSummary implements Tensors.ElementConsumer {

    private static final long CHECKED_EVERY = 1L << 20;
    private static final long TOLD_EVERY = 1L << 26;
    private static final int LARGEST_BYTE = 255;

    private final String name;
    private final Tensor array;
    private final RunContext context;
    private double smallest = Double.POSITIVE_INFINITY;
    private double largest = Double.NEGATIVE_INFINITY;
    private long smallestAt;
    private long largestAt;
    private boolean whole = true;

    private ElementSummary(String name, Tensor array, RunContext context) {
        this.name = name;
        this.array = array;
        this.context = context;
    }

    /**
     * Looks at all elements.
     *
     * @throws InvalidInputException when one of them is not a finite number
     */
    static ElementSummary of(String name, Tensor array, RunContext context) {
        ElementSummary summary = new ElementSummary(name, array, context);
        Tensors.forEach(array, summary);
        return summary;
    }

    @Override
    public void accept(long index, double value) {
        if (index % CHECKED_EVERY == 0) {
            context.checkCancelled();
        }
        if (index % TOLD_EVERY == TOLD_EVERY - 1) {
            context.progress("checking the data", index, array.size());
        }
        if (!Double.isFinite(value)) {
            throw new InvalidInputException("The array " + Quoted.name(name) + " holds " + value + " in row "
                    + row(index) + " (rows count from 0); mend that row or leave it out.");
        }
        if (value < smallest) {
            smallest = value;
            smallestAt = index;
        }
        if (value > largest) {
            largest = value;
            largestAt = index;
        }
        whole = whole && value == Math.rint(value);
    }

    private long row(long index) {
        return index / Rows.width(array);
    }

    double smallest() {
        return smallest;
    }

    long rowOfSmallest() {
        return row(smallestAt);
    }

    double largest() {
        return largest;
    }

    long rowOfLargest() {
        return row(largestAt);
    }

    /** Whether the elements look like the bytes of an image: whole numbers up to 255, some in the upper half. */
    boolean looksLikeBytes() {
        return whole && smallest >= 0 && largest > LARGEST_BYTE / 2 && largest <= LARGEST_BYTE;
    }
}
