package io.espalier.graph.symbol;

import java.util.Map;
import java.util.Set;

/** An indivisible factor of a {@link Monomial}: a symbol, or an operation that is no polynomial and remains opaque. */
interface Term {

    /** Values this can be shown to take. */
    Bounds bounds();

    /** The integer for given symbols; an {@link IllegalArgumentException} names a symbol without a value. */
    long evaluate(Map<String, Long> symbols);

    /** Adds the names of all symbols in this. */
    void collectSymbols(Set<String> names);

    /** Orders terms of different kinds. */
    int rank();

    /** Orders this and a term of the same rank. */
    int compareWithinRank(Term other);

    /** An order over all terms, consistent with equality. */
    static int compare(Term a, Term b) {
        if (a == b) {
            return 0;
        }
        return a.rank() == b.rank() ? a.compareWithinRank(b) : Integer.compare(a.rank(), b.rank());
    }
}
