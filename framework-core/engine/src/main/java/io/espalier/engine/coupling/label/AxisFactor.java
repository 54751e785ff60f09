package io.espalier.engine.coupling.label;

import io.espalier.graph.symbol.Dim;
import io.espalier.spi.BudgetException;
import java.util.List;
import java.util.Optional;

/**
 * A piece of an axis. Identity matters: two factors of equal size are different indices.
 *
 * <p>Only factors of known size carry labels. A factor never has size 1: an axis of extent 1 has no factors.
 */
public final class AxisFactor {

    /** Tables of positions fit a heap of 1 GB. */
    private static final long MOST_POSITIONS = 1L << 25;

    private final Dim size;
    private final Optional<Repetition> repetition;

    public AxisFactor(Dim size) {
        this(size, Optional.empty());
    }

    private AxisFactor(Dim size, Optional<Repetition> repetition) {
        this.size = size;
        this.repetition = repetition;
    }

    /** A piece along which a value only repeats. */
    public static AxisFactor of(Dim size, Repetition repetition) {
        return new AxisFactor(size, Optional.of(repetition));
    }

    /** The same piece as another index. */
    AxisFactor copy() {
        return new AxisFactor(size, repetition);
    }

    /** A part of this piece. */
    AxisFactor part(Dim partSize) {
        return new AxisFactor(partSize, repetition.map(whole -> new Repetition(partSize)));
    }

    /** How an axis of unknown extent that only repeats was divided. */
    Optional<Repetition> repetition() {
        return repetition;
    }

    public static AxisFactor of(long size) {
        return new AxisFactor(Dim.of(size));
    }

    public Dim size() {
        return size;
    }

    public boolean isNumeric() {
        return size.isConstant();
    }

    public int count() {
        return followed(size.constant());
    }

    /** The factors of an axis that is not divided: none when its extent is 1. */
    public static List<AxisFactor> axis(Dim extent) {
        return extent.is(1) ? List.of() : List.of(new AxisFactor(extent));
    }

    /** The number of positions along several pieces. */
    public static int count(List<AxisFactor> factors) {
        long count = 1;
        for (AxisFactor factor : factors) {
            count = followed(count * factor.count());
        }
        return (int) count;
    }

    private static int followed(long positions) {
        if (positions > MOST_POSITIONS || positions < 0) {
            throw new BudgetException("more than " + MOST_POSITIONS
                    + " positions of an axis, or of axes that are joined, cannot be followed");
        }
        return (int) positions;
    }

    @Override
    public String toString() {
        return size.toString();
    }
}
