package io.espalier.graph.symbol;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The largest or smallest of several polynomials, none of which is known to win.
 *
 * @param largest whether this is a maximum
 * @param operands in ascending order
 * @param bounds follow from the operands
 */
record Extreme(boolean largest, List<Polynomial> operands, Bounds bounds) implements Term {

    @Override
    public long evaluate(Map<String, Long> symbols) {
        return operands.stream()
                .mapToLong(operand -> operand.evaluate(symbols))
                .reduce((a, b) -> largest ? Math.max(a, b) : Math.min(a, b))
                .orElseThrow();
    }

    @Override
    public void collectSymbols(Set<String> names) {
        operands.forEach(operand -> operand.collectSymbols(names));
    }

    @Override
    public int rank() {
        return largest ? 3 : 2;
    }

    @Override
    public int compareWithinRank(Term other) {
        List<Polynomial> others = ((Extreme) other).operands;
        for (int i = 0; i < Math.min(operands.size(), others.size()); i++) {
            int order = Polynomial.compare(operands.get(i), others.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(operands.size(), others.size());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Extreme extreme && largest == extreme.largest && operands.equals(extreme.operands);
    }

    @Override
    public int hashCode() {
        return 31 * Boolean.hashCode(largest) + operands.hashCode();
    }

    @Override
    public String toString() {
        return operands.stream()
                .map(Polynomial::toString)
                .collect(Collectors.joining(",", largest ? "max(" : "min(", ")"));
    }
}
