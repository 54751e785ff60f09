package io.espalier.graph.symbol;

import io.espalier.graph.symbol.Polynomial.Addend;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Brings quotients that are rounded down into canonical form. */
final class Quotients {

    private Quotients() {}

    static Polynomial floorDiv(Polynomial numerator, Polynomial denominator) {
        if (denominator.is(0)) {
            throw new ArithmeticException("the extent " + numerator + " is divided by zero");
        }
        if (numerator.isConstant() && denominator.isConstant()) {
            return Polynomial.of(Math.floorDiv(numerator.constant(), denominator.constant()));
        }
        Optional<Polynomial> exact = numerator.divideExactly(denominator);
        if (exact.isPresent()) {
            return exact.get();
        }
        if (denominator.isConstant()) {
            long divisor = denominator.constant();
            return divisor > 0 ? byNumber(numerator, divisor) : byNumber(numerator.negate(), Math.negateExact(divisor));
        }
        return bySymbols(numerator, denominator);
    }

    /** Splits off every whole multiple, so that coefficients of the rest lie in 0..divisor-1. */
    private static Polynomial byNumber(Polynomial numerator, long divisor) {
        TreeMap<Monomial, Long> whole = new TreeMap<>();
        TreeMap<Monomial, Long> rest = new TreeMap<>();
        for (Addend addend : numerator.addends()) {
            whole.put(addend.monomial(), Math.floorDiv(addend.coefficient(), divisor));
            rest.put(addend.monomial(), Math.floorMod(addend.coefficient(), divisor));
        }
        return Polynomial.of(whole).plus(fraction(Polynomial.of(rest), divisor));
    }

    private static Polynomial fraction(Polynomial rest, long divisor) {
        Bounds bounds = Bounding.of(rest);
        if (bounds.lower() >= 0 && bounds.upper() < divisor) {
            return Polynomial.ZERO;
        }
        long shared = divisor;
        long offset = 0;
        for (Addend addend : rest.addends()) {
            if (addend.monomial().terms().isEmpty()) {
                offset = addend.coefficient();
            } else {
                shared = gcd(shared, addend.coefficient());
            }
        }
        if (shared > 1) {
            Polynomial reduced =
                    rest.plus(-offset).divideExactly(Polynomial.of(shared)).orElseThrow();
            return floorDiv(reduced.plus(Math.floorDiv(offset, shared)), Polynomial.of(divisor / shared));
        }
        Polynomial varying = rest.plus(-offset);
        if (varying.isTerm()
                && varying.addends().get(0).monomial().terms().get(0) instanceof Quotient inner
                && Bounding.of(inner.denominator()).lower() > 0) {
            Polynomial numerator = inner.numerator().plus(inner.denominator().times(offset));
            return floorDiv(numerator, inner.denominator().times(divisor));
        }
        return Polynomial.of(new Quotient(rest, Polynomial.of(divisor), bounds.floorDiv(Bounds.of(divisor))));
    }

    private static Polynomial bySymbols(Polynomial numerator, Polynomial denominator) {
        if (denominator.addends().size() > 1) {
            return reduced(numerator, denominator);
        }
        Addend divisor = denominator.addends().get(0);
        TreeMap<Monomial, Long> whole = new TreeMap<>();
        TreeMap<Monomial, Long> rest = new TreeMap<>();
        for (Addend addend : numerator.addends()) {
            Optional<Monomial> quotient = addend.monomial().dividedBy(divisor.monomial());
            if (quotient.isPresent() && addend.coefficient() % divisor.coefficient() == 0) {
                whole.put(quotient.get(), addend.coefficient() / divisor.coefficient());
            } else {
                rest.put(addend.monomial(), addend.coefficient());
            }
        }
        return Polynomial.of(whole).plus(reduced(Polynomial.of(rest), denominator));
    }

    /** Cancels what numerator and denominator share; only symbols are cancelled, for they are never zero. */
    private static Polynomial reduced(Polynomial numerator, Polynomial denominator) {
        Polynomial shared = common(List.of(numerator, denominator));
        Polynomial above = numerator.divideExactly(shared).orElseThrow();
        Polynomial below = denominator.divideExactly(shared).orElseThrow();
        if (below.isConstant()) {
            return floorDiv(above, below);
        }
        Bounds bounds = Bounding.of(above);
        boolean proper = bounds.lower() >= 0 && Bounding.of(below.minus(above)).lower() > 0;
        return proper
                ? Polynomial.ZERO
                : Polynomial.of(new Quotient(above, below, bounds.floorDiv(Bounding.of(below))));
    }

    private static Polynomial common(List<Polynomial> polynomials) {
        long coefficient = 0;
        Monomial monomial = null;
        for (Polynomial polynomial : polynomials) {
            for (Addend addend : polynomial.addends()) {
                coefficient = gcd(coefficient, addend.coefficient());
                monomial = monomial == null ? addend.monomial() : monomial.common(addend.monomial());
            }
        }
        List<Term> positive = monomial == null
                ? List.of()
                : monomial.terms().stream()
                        .filter(term -> term.bounds().lower() > 0)
                        .toList();
        TreeMap<Monomial, Long> shared = new TreeMap<>();
        shared.put(new Monomial(positive), coefficient);
        return Polynomial.of(shared);
    }

    private static long gcd(long a, long b) {
        return b == 0 ? Math.abs(a) : gcd(b, a % b);
    }
}
