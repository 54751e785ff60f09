package io.espalier.graph.shape;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** An indivisible factor of a {@link Dim}: a symbol, or an operation that is no polynomial and stays opaque. */
sealed interface Term {

    Bounds bounds();

    long evaluate(Map<String, Long> symbols);

    void collectSymbols(Set<String> names);

    /** An order over all terms, consistent with equality. */
    static int compare(Term a, Term b) {
        if (a == b) {
            return 0;
        }
        if (a instanceof Symbol left && b instanceof Symbol right) {
            return left.name.compareTo(right.name);
        }
        if (a instanceof Quotient left && b instanceof Quotient right) {
            int order = Dim.compare(left.numerator, right.numerator);
            return order != 0 ? order : Dim.compare(left.denominator, right.denominator);
        }
        if (a instanceof Extreme left && b instanceof Extreme right && left.largest == right.largest) {
            return compare(left.operands, right.operands);
        }
        return Integer.compare(kind(a), kind(b));
    }

    private static int compare(List<Dim> a, List<Dim> b) {
        for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
            int order = Dim.compare(a.get(i), b.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(a.size(), b.size());
    }

    private static int kind(Term term) {
        if (term instanceof Extreme extreme) {
            return extreme.largest ? 3 : 2;
        }
        return term instanceof Quotient ? 1 : 0;
    }

    /** A named unknown; its name alone makes its identity. */
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

    /** A quotient rounded down that does not come out as a polynomial. */
    record Quotient(Dim numerator, Dim denominator) implements Term {

        @Override
        public Bounds bounds() {
            return numerator.bounds().floorDiv(denominator.bounds());
        }

        @Override
        public long evaluate(Map<String, Long> symbols) {
            long divisor = denominator.evaluate(symbols);
            if (divisor == 0) {
                throw new ArithmeticException("the divisor of " + this + " is zero");
            }
            return Math.floorDiv(numerator.evaluate(symbols), divisor);
        }

        @Override
        public void collectSymbols(Set<String> names) {
            numerator.collectSymbols(names);
            denominator.collectSymbols(names);
        }

        @Override
        public String toString() {
            boolean sum = numerator.addends().size() > 1;
            boolean plain = denominator.isConstant() || denominator.isTerm();
            return "floor(" + enclosed(numerator, sum) + "/" + enclosed(denominator, !plain) + ")";
        }

        private static String enclosed(Dim dim, boolean enclose) {
            return enclose ? "(" + dim + ")" : dim.toString();
        }
    }

    /** The largest or smallest of several expressions, none of which is known to win. */
    record Extreme(boolean largest, List<Dim> operands) implements Term {

        @Override
        public Bounds bounds() {
            return operands.stream()
                    .map(Dim::bounds)
                    .reduce((a, b) -> largest ? a.max(b) : a.min(b))
                    .orElseThrow();
        }

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
        public String toString() {
            return operands.stream()
                    .map(Dim::toString)
                    .collect(Collectors.joining(",", largest ? "max(" : "min(", ")"));
        }
    }
}
