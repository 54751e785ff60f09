package io.espalier.engine.coupling.propagate;

import io.espalier.graph.shape.Progression.Column;
import io.espalier.spi.graph.Node;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One of the terms that counted indices are the sum of.
 *
 * @param node the operator that reads the constant which can be rewritten
 * @param slot where it reads it
 * @param kind how the constant takes part
 * @param own how the constant counts; of a factor, how its operand counts
 * @param factor the factor, else 1
 * @param axes for each axis that {@code own} has, the axis of the indices, or -1 for an extent of 1
 */
public record IndexTerm(Node node, int slot, Kind kind, Column own, long factor, List<Integer> axes) {

    /** How the constant of a term takes part. */
    public enum Kind {
        /** Numbers that are counted up. */
        NUMBERS,
        /** A number that multiplies indices counted at run time. */
        FACTOR,
        /** Counted at run time, one by one. */
        COUNTED
    }

    /** The axes of the indices along which this term changes. */
    List<Integer> moved() {
        return IntStream.range(0, axes.size())
                .filter(axis -> own.steps().get(axis) != 0)
                .mapToObj(axes::get)
                .toList();
    }

    /** The step along one of its own axes. */
    long step(int axis) {
        return own.steps().get(axis) * factor;
    }

    /**
     * Whether the indices can be made to count fewer positions by rewriting the constant.
     *
     * @param whole axes of the indices that name all positions of a block, innermost first
     * @param block how many positions that are
     */
    boolean follows(List<Integer> whole, long block) {
        List<Integer> moved = moved();
        boolean outside = moved.stream().noneMatch(whole::contains);
        boolean inside = moved.size() == 1 && !outside && own.start() == 0;
        return switch (kind) {
            case NUMBERS -> own.start() % block == 0;
            case FACTOR -> outside ? factor % block == 0 : inside && countsByOne();
            case COUNTED -> inside && countsByOne() && moved.get(0).equals(whole.get(0));
        };
    }

    private boolean countsByOne() {
        return own.steps().stream().allMatch(step -> step == 0 || step == 1);
    }
}
