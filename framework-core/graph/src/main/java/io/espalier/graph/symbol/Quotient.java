package io.espalier.graph.symbol;

import java.util.Map;
import java.util.Set;

/**
 * A quotient rounded down that is no polynomial.
 *
 * @param bounds follow from numerator and denominator
 */
record Quotient(Polynomial numerator, Polynomial denominator, Bounds bounds) implements Term {

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
    public int rank() {
        return 1;
    }

    @Override
    public int compareWithinRank(Term other) {
        Quotient quotient = (Quotient) other;
        int order = Polynomial.compare(numerator, quotient.numerator);
        return order != 0 ? order : Polynomial.compare(denominator, quotient.denominator);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Quotient quotient
                && numerator.equals(quotient.numerator)
                && denominator.equals(quotient.denominator);
    }

    @Override
    public int hashCode() {
        return 31 * numerator.hashCode() + denominator.hashCode();
    }

    @Override
    public String toString() {
        boolean sum = numerator.addends().size() > 1;
        boolean plain = denominator.isConstant() || denominator.isTerm();
        return "floor(" + enclosed(numerator, sum) + "/" + enclosed(denominator, !plain) + ")";
    }

    private static String enclosed(Polynomial polynomial, boolean enclose) {
        return enclose ? "(" + polynomial + ")" : polynomial.toString();
    }
}
