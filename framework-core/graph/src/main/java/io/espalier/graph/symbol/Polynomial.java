package io.espalier.graph.symbol;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A polynomial with integer coefficients over {@linkplain Term terms}, in canonical form. Immutable. */
final class Polynomial {

    static final Polynomial ZERO = new Polynomial(List.of());
    static final Polynomial ONE = of(1);

    /** A part of the sum: a coefficient that is not zero, and the monomial that it multiplies. */
    record Addend(long coefficient, Monomial monomial) {}

    private static final Addend NOTHING = new Addend(0, Monomial.ONE);

    private final List<Addend> addends;
    private final int hash;

    private Polynomial(List<Addend> addends) {
        this.addends = addends;
        this.hash = addends.hashCode();
    }

    static Polynomial of(long value) {
        return value == 0 ? ZERO : new Polynomial(List.of(new Addend(value, Monomial.ONE)));
    }

    static Polynomial of(Term term) {
        return new Polynomial(List.of(new Addend(1, new Monomial(List.of(term)))));
    }

    static Polynomial of(TreeMap<Monomial, Long> sum) {
        List<Addend> parts = new ArrayList<>(sum.size());
        sum.forEach((monomial, coefficient) -> {
            if (coefficient != 0) {
                parts.add(new Addend(coefficient, monomial));
            }
        });
        return parts.isEmpty() ? ZERO : new Polynomial(List.copyOf(parts));
    }

    boolean isConstant() {
        return addends.isEmpty() || addends.get(0).monomial().terms().isEmpty();
    }

    /** The number that a constant polynomial is. */
    long constant() {
        if (!isConstant()) {
            throw new IllegalStateException("the extent " + this + " is symbolic, not a number");
        }
        return addends.isEmpty() ? 0 : addends.get(0).coefficient();
    }

    boolean is(long value) {
        return isConstant() && constant() == value;
    }

    /** Parts of the sum, highest degree first, the constant last. */
    List<Addend> addends() {
        return addends;
    }

    /** Whether this is one term with coefficient 1. */
    boolean isTerm() {
        return addends.size() == 1
                && addends.get(0).coefficient() == 1
                && addends.get(0).monomial().terms().size() == 1;
    }

    Polynomial plus(Polynomial other) {
        if (isConstant() && other.isConstant()) {
            return of(Math.addExact(constant(), other.constant()));
        }
        return plus(other, 1, Monomial.ONE);
    }

    Polynomial plus(long other) {
        return plus(of(other));
    }

    Polynomial minus(Polynomial other) {
        return plus(other, -1, Monomial.ONE);
    }

    Polynomial negate() {
        return ZERO.minus(this);
    }

    Polynomial times(Polynomial other) {
        if (isConstant() && other.isConstant()) {
            return of(Math.multiplyExact(constant(), other.constant()));
        }
        Polynomial product = ZERO;
        for (Addend addend : addends) {
            product = product.plus(other, addend.coefficient(), addend.monomial());
        }
        return product;
    }

    Polynomial times(long other) {
        return times(of(other));
    }

    /** The polynomial that gives this one when multiplied by the divisor; empty when there is none. */
    Optional<Polynomial> divideExactly(Polynomial divisor) {
        if (divisor.addends.isEmpty()) {
            return Optional.empty();
        }
        Addend leading = divisor.addends.get(0);
        Polynomial rest = this;
        Polynomial quotient = ZERO;
        while (!rest.addends.isEmpty()) {
            Addend first = rest.addends.get(0);
            Optional<Monomial> monomial = first.monomial().dividedBy(leading.monomial());
            if (monomial.isEmpty() || first.coefficient() % leading.coefficient() != 0) {
                return Optional.empty();
            }
            long coefficient = first.coefficient() / leading.coefficient();
            quotient = quotient.plus(ONE, coefficient, monomial.get());
            rest = rest.plus(divisor, -coefficient, monomial.get());
        }
        return Optional.of(quotient);
    }

    long evaluate(Map<String, Long> symbols) {
        long sum = 0;
        for (Addend addend : addends) {
            long product = addend.coefficient();
            for (Term term : addend.monomial().terms()) {
                product = Math.multiplyExact(product, term.evaluate(symbols));
            }
            sum = Math.addExact(sum, product);
        }
        return sum;
    }

    void collectSymbols(Set<String> names) {
        addends.forEach(addend -> addend.monomial().terms().forEach(term -> term.collectSymbols(names)));
    }

    /** Orders by the parts of the sum; a sum without a constant counts as one with the constant 0. */
    static int compare(Polynomial a, Polynomial b) {
        if (a == b) {
            return 0;
        }
        for (int i = 0; i < Math.max(a.addends.size(), b.addends.size()); i++) {
            Addend left = i < a.addends.size() ? a.addends.get(i) : NOTHING;
            Addend right = i < b.addends.size() ? b.addends.get(i) : NOTHING;
            int order = left.monomial().compareTo(right.monomial());
            order = order != 0 ? order : Long.compare(left.coefficient(), right.coefficient());
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    /** This plus another one times a factor. */
    private Polynomial plus(Polynomial other, long coefficient, Monomial monomial) {
        TreeMap<Monomial, Long> sum = new TreeMap<>();
        addends.forEach(addend -> sum.put(addend.monomial(), addend.coefficient()));
        for (Addend addend : other.addends) {
            long product = Math.multiplyExact(addend.coefficient(), coefficient);
            sum.merge(addend.monomial().times(monomial), product, Math::addExact);
        }
        return of(sum);
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || other instanceof Polynomial polynomial
                        && hash == polynomial.hash
                        && addends.equals(polynomial.addends);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** A readable form, such as {@code batch*12} or {@code floor((h+1)/2)}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Addend addend : addends) {
            long coefficient = addend.coefficient();
            boolean number = addend.monomial().terms().isEmpty();
            if (coefficient > 0 && text.length() > 0) {
                text.append('+');
            }
            if (number) {
                text.append(coefficient);
            } else if (coefficient == 1 || coefficient == -1) {
                text.append(coefficient < 0 ? "-" : "").append(addend.monomial());
            } else {
                text.append(coefficient < 0 ? "-" : "")
                        .append(addend.monomial())
                        .append('*');
                text.append(coefficient < 0 ? Long.toString(coefficient).substring(1) : Long.toString(coefficient));
            }
        }
        return text.length() == 0 ? "0" : text.toString();
    }
}
