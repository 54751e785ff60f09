package io.espalier.engine.verify;

import io.espalier.graph.symbol.Dim;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * What an operator demands of two extents.
 *
 * @param kind how they are related
 */
record SizeDemand(Kind kind, Dim left, Dim right) {

    enum Kind {
        /** They are equal. */
        EQUAL,
        /** They are equal, or one of them is 1 and repeated. */
        REPEATED,
        /** The left one is a multiple of the right one. */
        MULTIPLE
    }

    /** Whether sizes meet the demand; what cannot be worked out counts as met. */
    boolean isMet(Map<String, Long> sizes) {
        try {
            long a = left.evaluate(sizes);
            long b = right.evaluate(sizes);
            return switch (kind) {
                case EQUAL -> a == b;
                case REPEATED -> a == b || a == 1 || b == 1;
                case MULTIPLE -> b != 0 && a % b == 0;
            };
        } catch (ArithmeticException | IllegalArgumentException notKnown) {
            return true;
        }
    }

    /** How much larger the left extent is. */
    long difference(Map<String, Long> sizes) {
        return Math.subtractExact(left.evaluate(sizes), right.evaluate(sizes));
    }

    /** The symbols of both extents, those first that are an extent by themselves. */
    Set<String> symbols() {
        Set<String> symbols = new LinkedHashSet<>();
        for (Dim side : new Dim[] {right, left}) {
            side.symbols().stream()
                    .filter(symbol -> side.equals(Dim.symbol(symbol)))
                    .forEach(symbols::add);
        }
        symbols.addAll(left.symbols());
        symbols.addAll(right.symbols());
        return symbols;
    }
}
