package io.espalier.graph.shape;

import io.espalier.graph.shape.Dim.Addend;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Brings quotients that are rounded down into canonical form. */
final class Quotients {

    private Quotients() {}

    static Dim floorDiv(Dim numerator, Dim denominator) {
        if (denominator.is(0)) {
            throw new ArithmeticException("the extent " + numerator + " is divided by zero");
        }
        if (numerator.isConstant() && denominator.isConstant()) {
            return Dim.of(Math.floorDiv(numerator.constant(), denominator.constant()));
        }
        Optional<Dim> exact = numerator.divideExactly(denominator);
        if (exact.isPresent()) {
            return exact.get();
        }
        if (denominator.isConstant()) {
            long divisor = denominator.constant();
            return divisor > 0 ? byNumber(numerator, divisor) : byNumber(numerator.negate(), Math.negateExact(divisor));
        }
        return bySymbols(numerator, denominator);
    }

    /** Splits off every whole multiple, so that coefficients of what stays lie in 0..divisor-1. */
    private static Dim byNumber(Dim numerator, long divisor) {
        TreeMap<Monomial, Long> whole = new TreeMap<>();
        TreeMap<Monomial, Long> rest = new TreeMap<>();
        for (Addend addend : numerator.addends()) {
            whole.put(addend.monomial(), Math.floorDiv(addend.coefficient(), divisor));
            rest.put(addend.monomial(), Math.floorMod(addend.coefficient(), divisor));
        }
        return Dim.of(whole).plus(fraction(Dim.of(rest), divisor));
    }

    private static Dim fraction(Dim rest, long divisor) {
        if (within(rest.bounds(), divisor)) {
            return Dim.ZERO;
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
            Dim reduced = rest.plus(-offset).divideExactly(Dim.of(shared)).orElseThrow();
            return floorDiv(reduced.plus(Math.floorDiv(offset, shared)), Dim.of(divisor / shared));
        }
        Dim varying = rest.plus(-offset);
        if (varying.isTerm()
                && varying.addends().get(0).monomial().terms().get(0) instanceof Term.Quotient inner
                && inner.denominator().bounds().lower() > 0) {
            Dim numerator = inner.numerator().plus(inner.denominator().times(offset));
            return floorDiv(numerator, inner.denominator().times(divisor));
        }
        return Dim.of(new Term.Quotient(rest, Dim.of(divisor)));
    }

    private static boolean within(Bounds bounds, long divisor) {
        return bounds.lower() >= 0 && bounds.upper() < divisor;
    }

    private static Dim bySymbols(Dim numerator, Dim denominator) {
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
        return Dim.of(whole).plus(reduced(Dim.of(rest), denominator));
    }

    /** Cancels what numerator and denominator share; only symbols are cancelled, for they are never zero. */
    private static Dim reduced(Dim numerator, Dim denominator) {
        Dim shared = common(List.of(numerator, denominator));
        Dim above = numerator.divideExactly(shared).orElseThrow();
        Dim below = denominator.divideExactly(shared).orElseThrow();
        if (below.isConstant()) {
            return floorDiv(above, below);
        }
        boolean proper =
                above.bounds().lower() >= 0 && below.minus(above).bounds().lower() > 0;
        return proper ? Dim.ZERO : Dim.of(new Term.Quotient(above, below));
    }

    private static Dim common(List<Dim> dims) {
        long coefficient = 0;
        Monomial monomial = null;
        for (Dim dim : dims) {
            for (Addend addend : dim.addends()) {
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
        return Dim.of(shared);
    }

    private static long gcd(long a, long b) {
        return b == 0 ? Math.abs(a) : gcd(b, a % b);
    }
}
