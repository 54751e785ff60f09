package io.espalier.graph.symbol;

import java.util.Map;
import java.util.Set;

/**
 * A named unknown. Its name alone makes its identity.
 *
 * @param minimum smallest value it can take
 */
record Symbol(String name, long minimum) implements Term {

    @Override
    public Bounds bounds() {
        return Bounds.atLeast(minimum);
    }

    @Override
    public long evaluate(Map<String, Long> symbols) {
        Long value = symbols.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no value is given for the symbolic extent '" + name + "'");
        }
        return value;
    }

    @Override
    public void collectSymbols(Set<String> names) {
        names.add(name);
    }

    @Override
    public int rank() {
        return 0;
    }

    @Override
    public int compareWithinRank(Term other) {
        return name.compareTo(((Symbol) other).name);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Symbol symbol && symbol.name.equals(name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}
