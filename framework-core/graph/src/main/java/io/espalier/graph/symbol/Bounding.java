package io.espalier.graph.symbol;

import io.espalier.graph.symbol.Polynomial.Addend;
import java.util.List;

/**
 * Finds bounds of sums whose parts depend on each other, such as {@code h - 2 * floor(h/2) >= 0}: intervals first, then
 * opaque terms are replaced by polynomials that bound them.
 */
final class Bounding {

    /** Terms replaced on the way to one bound; what real shape arithmetic needs, and a limit to the work. */
    private static final int REPLACEMENTS = 3;

    /**
     * Addends of the longest sum looked into. The boxes that a detector finds for each of its classes add up to a hundred
     * addends, and nothing but the sum of their bounds bounds these.
     */
    private static final int ADDENDS = 12;

    private Bounding() {}

    static Bounds of(Polynomial polynomial) {
        Bounds interval = interval(polynomial);
        if (polynomial.addends().size() < 2 || polynomial.addends().size() > ADDENDS) {
            return interval;
        }
        try {
            long lower = Math.max(interval.lower(), lower(polynomial, REPLACEMENTS));
            long upper = Math.min(interval.upper(), negated(lower(polynomial.negate(), REPLACEMENTS)));
            return new Bounds(lower, upper);
        } catch (ArithmeticException overflow) {
            return interval;
        }
    }

    private static long negated(long lower) {
        return lower == Bounds.NONE_BELOW ? Bounds.NONE_ABOVE : -lower;
    }

    private static Bounds interval(Polynomial polynomial) {
        Bounds sum = Bounds.of(0);
        for (Addend addend : polynomial.addends()) {
            Bounds product = Bounds.of(addend.coefficient());
            for (Term term : addend.monomial().terms()) {
                product = product.times(term.bounds());
            }
            sum = sum.plus(product);
        }
        return sum;
    }

    private static long lower(Polynomial polynomial, int replacements) {
        long best = interval(polynomial).lower();
        if (replacements == 0
                || best > Bounds.NONE_BELOW && polynomial.addends().size() < 2) {
            return best;
        }
        for (Addend addend : polynomial.addends()) {
            List<Term> terms = addend.monomial().terms();
            if (terms.size() == 1 && !(terms.get(0) instanceof Symbol)) {
                best = Math.max(best, replaced(polynomial, addend.coefficient(), terms.get(0), replacements - 1));
            }
        }
        return best;
    }

    private static long replaced(Polynomial polynomial, long coefficient, Term term, int replacements) {
        Polynomial rest = polynomial.minus(Polynomial.of(term).times(coefficient));
        if (term instanceof Extreme extreme) {
            // Any operand bounds a minimum from above and a maximum from below.
            long best = Bounds.NONE_BELOW;
            if (extreme.largest() == coefficient > 0) {
                for (Polynomial operand : extreme.operands()) {
                    best = Math.max(best, lower(rest.plus(operand.times(coefficient)), replacements));
                }
            }
            return best;
        }
        Quotient quotient = (Quotient) term;
        if (!quotient.denominator().isConstant()) {
            return Bounds.NONE_BELOW;
        }
        // n/d - (d-1)/d <= floor(n/d) <= n/d, multiplied by d.
        long divisor = quotient.denominator().constant();
        Polynomial numerator = coefficient > 0 ? quotient.numerator().plus(1 - divisor) : quotient.numerator();
        long scaled = lower(rest.times(divisor).plus(numerator.times(coefficient)), replacements);
        return scaled == Bounds.NONE_BELOW ? scaled : -Math.floorDiv(-scaled, divisor);
    }
}
