package io.espalier.graph.symbol;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    public static final Dim ZERO = new Dim(Polynomial.ZERO);

    /** The extent 1. */
    public static final Dim ONE = new Dim(Polynomial.ONE);

    private final Polynomial polynomial;
    private Bounds bounds;

    private Dim(Polynomial polynomial) {
        this.polynomial = polynomial;
    }

    /** A known integer. */
    public static Dim of(long value) {
        return value == 0 ? ZERO : new Dim(Polynomial.of(value));
    }

    /** An unknown extent of at least 1, the same wherever the name occurs. */
    public static Dim symbol(String name) {
        return symbol(name, 1);
    }

    /** An unknown extent that depends on data and may be 0. */
    public static Dim count(String name) {
        return symbol(name, 0);
    }

    /** An unknown integer of at least a minimum, the same wherever the name occurs. */
    public static Dim symbol(String name, long minimum) {
        return new Dim(Polynomial.of(new Symbol(name, minimum)));
    }

    /** Whether this is a known integer. */
    public boolean isConstant() {
        return polynomial.isConstant();
    }

    /**
     * The known integer.
     *
     * @throws IllegalStateException when this is symbolic
     */
    public long constant() {
        return polynomial.constant();
    }

    /** Whether this is the given number. */
    public boolean is(long value) {
        return polynomial.is(value);
    }

    /** The sum. */
    public Dim plus(Dim other) {
        return new Dim(polynomial.plus(other.polynomial));
    }

    /** The sum with a number. */
    public Dim plus(long other) {
        return plus(of(other));
    }

    /** The difference. */
    public Dim minus(Dim other) {
        return new Dim(polynomial.minus(other.polynomial));
    }

    /** The product. */
    public Dim times(Dim other) {
        return new Dim(polynomial.times(other.polynomial));
    }

    /** The product with a number. */
    public Dim times(long other) {
        return times(of(other));
    }

    /** The number with the opposite sign. */
    public Dim negate() {
        return new Dim(polynomial.negate());
    }

    /**
     * The quotient rounded down.
     *
     * @throws ArithmeticException when the divisor is the number 0
     */
    public Dim floorDiv(Dim divisor) {
        return new Dim(Quotients.floorDiv(polynomial, divisor.polynomial));
    }

    /** The quotient by a number, rounded down. */
    public Dim floorDiv(long divisor) {
        return floorDiv(of(divisor));
    }

    /** The quotient rounded up, for a positive divisor. */
    public Dim ceilDiv(Dim divisor) {
        return plus(divisor).plus(-1).floorDiv(divisor);
    }

    /** The remainder of {@link #floorDiv}; it has the sign of the divisor. */
    public Dim mod(Dim divisor) {
        return minus(divisor.times(floorDiv(divisor)));
    }

    /** The smaller one. */
    public Dim min(Dim other) {
        return new Dim(Extremes.of(false, polynomial, other.polynomial));
    }

    /** The larger one. */
    public Dim max(Dim other) {
        return new Dim(Extremes.of(true, polynomial, other.polynomial));
    }

    /** The extent that gives this one when multiplied by the divisor; empty when there is none. */
    public Optional<Dim> divideExactly(Dim divisor) {
        return polynomial.divideExactly(divisor.polynomial).map(Dim::new);
    }

    /**
     * The integer for given symbols.
     *
     * @throws IllegalArgumentException when a symbol has no value; the message names it
     */
    public long evaluate(Map<String, Long> symbols) {
        return polynomial.evaluate(symbols);
    }

    /** Names of the symbols this depends on, sorted. */
    public Set<String> symbols() {
        if (isConstant()) {
            return Set.of();
        }
        Set<String> names = new TreeSet<>();
        polynomial.collectSymbols(names);
        return Collections.unmodifiableSet(names);
    }

    /** The smallest and largest value this can be shown to take. */
    public Bounds bounds() {
        if (bounds == null) {
            bounds = Bounding.of(polynomial);
        }
        return bounds;
    }

    /** Whether this is written more simply than another one: with fewer addends, or as one term where the other is not. */
    public boolean isSimplerThan(Dim other) {
        return polynomial.addends().size() < other.polynomial.addends().size()
                || polynomial.isTerm() && !other.polynomial.isTerm();
    }

    @Override
    public boolean equals(Object other) {
        return this == other || other instanceof Dim dim && polynomial.equals(dim.polynomial);
    }

    @Override
    public int hashCode() {
        return polynomial.hashCode();
    }

    /** A readable form, such as {@code batch*12} or {@code floor((h+1)/2)}. */
    @Override
    public String toString() {
        return polynomial.toString();
    }
}
