package io.espalier.engine.verify;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** Changes sizes of symbolic extents until they meet what the operators of a graph demand, as far as that can be done. */
final class AgreeingSizes {

    /** One change may undo another one; sizes that agree are found in a few rounds or not at all. */
    private static final int ROUNDS = 8;

    /** How far a size is raised in search of one that can be divided. */
    private static final long FARTHEST = 64;

    private final List<SizeDemand> demands;
    private final Set<String> fixed;

    /**
     * A search.
     *
     * @param fixed symbols whose sizes are given
     */
    AgreeingSizes(List<SizeDemand> demands, Set<String> fixed) {
        this.demands = demands;
        this.fixed = fixed;
    }

    /** Sizes near the given ones. */
    Map<String, Long> near(Map<String, Long> sizes) {
        Map<String, Long> agreeing = new LinkedHashMap<>(sizes);
        for (int round = 0; round < ROUNDS && !areMet(agreeing); round++) {
            Set<String> settled = new HashSet<>(fixed);
            for (SizeDemand demand : demands) {
                if (demand.isMet(agreeing)) {
                    continue;
                }
                List<String> open = new ArrayList<>(demand.symbols());
                open.removeIf(symbol -> settled.contains(symbol) || !agreeing.containsKey(symbol));
                for (String symbol : open) {
                    OptionalLong size = size(demand, symbol, agreeing);
                    if (size.isPresent()) {
                        agreeing.put(symbol, size.getAsLong());
                        settled.add(symbol);
                        break;
                    }
                }
            }
        }
        return agreeing;
    }

    private boolean areMet(Map<String, Long> sizes) {
        return demands.stream().allMatch(demand -> demand.isMet(sizes));
    }

    private static OptionalLong size(SizeDemand demand, String symbol, Map<String, Long> sizes) {
        Map<String, Long> tried = new LinkedHashMap<>(sizes);
        long size = sizes.get(symbol);
        if (demand.kind() != SizeDemand.Kind.MULTIPLE) {
            OptionalLong solved = solved(demand, symbol, tried, size);
            if (solved.isPresent()) {
                return solved;
            }
        }
        for (long larger = size + 1; larger <= size + FARTHEST; larger++) {
            tried.put(symbol, larger);
            if (demand.isMet(tried)) {
                return OptionalLong.of(larger);
            }
        }
        return OptionalLong.empty();
    }

    /** The size at which both extents are equal, where their difference grows evenly with it. */
    private static OptionalLong solved(SizeDemand demand, String symbol, Map<String, Long> tried, long size) {
        try {
            long[] differences = new long[3];
            for (int i = 0; i < differences.length; i++) {
                tried.put(symbol, size + i);
                differences[i] = demand.difference(tried);
            }
            long slope = differences[1] - differences[0];
            if (slope == 0 || differences[2] - differences[1] != slope || differences[0] % slope != 0) {
                return OptionalLong.empty();
            }
            long solution = size - differences[0] / slope;
            tried.put(symbol, solution);
            return solution >= 1 && demand.isMet(tried) ? OptionalLong.of(solution) : OptionalLong.empty();
        } catch (ArithmeticException | IllegalArgumentException notKnown) {
            return OptionalLong.empty();
        }
    }
}
