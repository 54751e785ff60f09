package io.espalier.graph.shape;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A symbolic integer: the extent of an axis, or an element of a shape computation.
 *
 * <p>The canonical form is a polynomial with integer coefficients over named symbols and opaque terms (quotients rounded
 * down, minima, maxima). Two are equal when they have the same canonical form; expressions that are equal only by a
 * law the form does not know (such as {@code floor(a/2) <= a}) may differ. A named symbol stands for an extent of at least 1.
 *
 * <p>Arithmetic beyond 64 bits throws {@link ArithmeticException}. Immutable and thread-safe.
 */
public final class Dim {

    /** The extent 0. */
    public static final Dim ZERO = new Dim(List.of());

    /** The extent 1. */
    public static final Dim ONE = of(1);

    /** A part of the sum: a coefficient that is not zero, and what it multiplies. */
    public record Addend(long coefficient, Monomial monomial) {}

    private static final Addend NOTHING = new Addend(0, Monomial.ONE);

    private final List<Addend> addends;
    private final int hash;
    private Bounds bounds;

    private Dim(List<Addend> addends) {
        this.addends = addends;
        this.hash = addends.hashCode();
    }

    /** A known integer. */
    public static Dim of(long value) {
        return value == 0 ? ZERO : new Dim(List.of(new Addend(value, Monomial.ONE)));
    }

    /** An unknown extent of at least 1, the same wherever the name occurs. */
    public static Dim symbol(String name) {
        return of(new Term.Symbol(name, 1));
    }

    /** An unknown extent that depends on data and may be 0. */
    public static Dim count(String name) {
        return of(new Term.Symbol(name, 0));
    }

    public static Dim of(Term term) {
        return new Dim(List.of(new Addend(1, new Monomial(List.of(term)))));
    }

    /** Whether this is a known integer. */
    public boolean isConstant() {
        return addends.isEmpty() || addends.get(0).monomial().terms().isEmpty();
    }

    /**
     * The known integer.
     *
     * @throws IllegalStateException when this is symbolic
     */
    public long constant() {
        if (!isConstant()) {
            throw new IllegalStateException("the extent " + this + " is symbolic, not a number");
        }
        return addends.isEmpty() ? 0 : addends.get(0).coefficient();
    }

    /** Whether this is the given number. */
    public boolean is(long value) {
        return isConstant() && constant() == value;
    }

    /** The sum. */
    public Dim plus(Dim other) {
        if (isConstant() && other.isConstant()) {
            return of(Math.addExact(constant(), other.constant()));
        }
        return plus(other, 1, Monomial.ONE);
    }

    /** The sum with a number. */
    public Dim plus(long other) {
        return plus(of(other));
    }

    /** The difference. */
    public Dim minus(Dim other) {
        return plus(other, -1, Monomial.ONE);
    }

    /** The product. */
    public Dim times(Dim other) {
        if (isConstant() && other.isConstant()) {
            return of(Math.multiplyExact(constant(), other.constant()));
        }
        Dim product = ZERO;
        for (Addend addend : addends) {
            product = product.plus(other, addend.coefficient(), addend.monomial());
        }
        return product;
    }

    /** The product with a number. */
    public Dim times(long other) {
        return times(of(other));
    }

    /** The number with the opposite sign. */
    public Dim negate() {
        return ZERO.minus(this);
    }

    /**
     * The quotient rounded down.
     *
     * @throws ArithmeticException when the divisor is the number 0
     */
    public Dim floorDiv(Dim divisor) {
        return Quotients.floorDiv(this, divisor);
    }

    /** The quotient by a number, rounded down. */
    public Dim floorDiv(long divisor) {
        return floorDiv(of(divisor));
    }

    /** The quotient rounded up, for a positive divisor. */
    public Dim ceilDiv(Dim divisor) {
        return plus(divisor).plus(-1).floorDiv(divisor);
    }

    /** What {@link #floorDiv} leaves; it has the sign of the divisor. */
    public Dim mod(Dim divisor) {
        return minus(divisor.times(floorDiv(divisor)));
    }

    /** The smaller one. */
    public Dim min(Dim other) {
        return Extremes.of(false, this, other);
    }

    /** The larger one. */
    public Dim max(Dim other) {
        return Extremes.of(true, this, other);
    }

    /** The polynomial that gives this one when multiplied by the divisor; empty when there is none. */
    public Optional<Dim> divideExactly(Dim divisor) {
        if (divisor.addends.isEmpty()) {
            return Optional.empty();
        }
        Addend leading = divisor.addends.get(0);
        Dim rest = this;
        Dim quotient = ZERO;
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

    /**
     * The integer for given symbols.
     *
     * @throws IllegalArgumentException when a symbol has no value; the message names it
     */
    public long evaluate(Map<String, Long> symbols) {
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

    /** Names of the symbols this depends on, sorted. */
    public Set<String> symbols() {
        if (isConstant()) {
            return Set.of();
        }
        Set<String> names = new TreeSet<>();
        collectSymbols(names);
        return Collections.unmodifiableSet(names);
    }

    public void collectSymbols(Set<String> names) {
        addends.forEach(addend -> addend.monomial().terms().forEach(term -> term.collectSymbols(names)));
    }

    /** The smallest and largest value this can be shown to take. */
    public Bounds bounds() {
        if (bounds == null) {
            bounds = Bounding.of(this);
        }
        return bounds;
    }

    /** Parts of the sum, highest degree first, the constant last. */
    public List<Addend> addends() {
        return addends;
    }

    /** Whether this is one term with nothing around it. */
    public boolean isTerm() {
        return addends.size() == 1
                && addends.get(0).coefficient() == 1
                && addends.get(0).monomial().terms().size() == 1;
    }

    /** Orders by the parts of the sum; a sum without a constant counts as one with the constant 0. */
    public static int compare(Dim a, Dim b) {
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
    private Dim plus(Dim other, long coefficient, Monomial monomial) {
        TreeMap<Monomial, Long> sum = new TreeMap<>();
        addends.forEach(addend -> sum.put(addend.monomial(), addend.coefficient()));
        for (Addend addend : other.addends) {
            long product = Math.multiplyExact(addend.coefficient(), coefficient);
            sum.merge(addend.monomial().times(monomial), product, Math::addExact);
        }
        return of(sum);
    }

    public static Dim of(TreeMap<Monomial, Long> sum) {
        List<Addend> parts = new ArrayList<>(sum.size());
        sum.forEach((monomial, coefficient) -> {
            if (coefficient != 0) {
                parts.add(new Addend(coefficient, monomial));
            }
        });
        return parts.isEmpty() ? ZERO : new Dim(List.copyOf(parts));
    }

    @Override
    public boolean equals(Object other) {
        return this == other || other instanceof Dim dim && hash == dim.hash && addends.equals(dim.addends);
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
