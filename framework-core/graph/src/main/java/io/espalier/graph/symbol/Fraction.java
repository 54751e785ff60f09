package io.espalier.graph.symbol;

import java.util.Optional;

/**
 * An element of a shape computation: an integer, or a real number written as a quotient of integers.
 *
 * @param numerator what is divided
 * @param denominator positive divisor, 1 for an integer
 */
public record Fraction(Dim numerator, Dim denominator) {

    /** Reals such as 0.7 are meant, not the binary number next to them; this many denominators are tried. */
    private static final int SIMPLE_DENOMINATORS = 1024;
    /** Below, half a unit in the last place of single precision is less than 1 / (2 denominator^2) for all simple denominators. */
    private static final double MOST_OF_CONVERGENTS = 4;

    public static Fraction of(long value) {
        return of(Dim.of(value));
    }

    public static Fraction of(Dim value) {
        return new Fraction(value, Dim.ONE);
    }

    public static Fraction of(boolean value) {
        return of(value ? 1 : 0);
    }

    /** The simplest quotient that rounds to a number; empty for a number that has none in 64 bits. */
    public static Optional<Fraction> of(double value, boolean single) {
        if (Double.isNaN(value) || Math.abs(value) > 0x1p52) {
            return Optional.empty();
        }
        long denominator = simpleDenominator(value, single);
        if (denominator > 0) {
            return Optional.of(new Fraction(Dim.of(Math.round(value * denominator)), Dim.of(denominator)));
        }
        int exponent = Math.min(62, 52 - Math.getExponent(value));
        double scaled = Math.scalb(value, exponent);
        return scaled == Math.rint(scaled) && Math.abs(scaled) < 0x1p62
                ? Optional.of(new Fraction(Dim.of((long) scaled), Dim.of(1L << exponent)))
                : Optional.empty();
    }

    /** The smallest denominator of a quotient that rounds to a number; 0 where all are large. */
    private static long simpleDenominator(double value, boolean single) {
        if (Math.abs(value) < MOST_OF_CONVERGENTS) {
            return smallestOfConvergents(value, single);
        }
        long denominator = 1;
        while (denominator <= SIMPLE_DENOMINATORS && !rounds(denominator, value, single)) {
            denominator++;
        }
        return denominator <= SIMPLE_DENOMINATORS ? denominator : 0;
    }

    /** A quotient that lies nearer than 1 / (2 denominator^2) is a convergent of the continued fraction (Legendre). */
    private static long smallestOfConvergents(double value, boolean single) {
        long before = 0;
        long denominator = 1;
        double rest = Math.abs(value);
        while (denominator <= SIMPLE_DENOMINATORS) {
            if (rounds(denominator, value, single)) {
                return denominator;
            }
            rest = 1 / (rest - Math.floor(rest));
            if (rest > SIMPLE_DENOMINATORS) {
                return 0;
            }
            long next = (long) Math.floor(rest) * denominator + before;
            before = denominator;
            denominator = next;
        }
        return 0;
    }

    private static boolean rounds(long denominator, double value, boolean single) {
        double quotient = (double) Math.round(value * denominator) / denominator;
        return single ? (float) quotient == (float) value : quotient == value;
    }

    public boolean isInteger() {
        return denominator.is(1);
    }

    public boolean isConstant() {
        return numerator.isConstant() && denominator.isConstant();
    }

    public double toDouble() {
        return (double) numerator.constant() / denominator.constant();
    }

    public Fraction plus(Fraction other) {
        if (denominator.equals(other.denominator)) {
            return reduced(numerator.plus(other.numerator), denominator);
        }
        return reduced(
                numerator.times(other.denominator).plus(other.numerator.times(denominator)),
                denominator.times(other.denominator));
    }

    public Fraction negate() {
        return new Fraction(numerator.negate(), denominator);
    }

    public Fraction minus(Fraction other) {
        return plus(other.negate());
    }

    public Fraction times(Fraction other) {
        return reduced(numerator.times(other.numerator), denominator.times(other.denominator));
    }

    /** The exact quotient; empty when the divisor is not known to differ from zero. */
    public Optional<Fraction> dividedBy(Fraction divisor) {
        Bounds bounds = divisor.numerator.bounds();
        if (bounds.lower() > 0) {
            return Optional.of(reduced(numerator.times(divisor.denominator), denominator.times(divisor.numerator)));
        }
        return bounds.upper() < 0 ? negate().dividedBy(divisor.negate()) : Optional.empty();
    }

    public Fraction floor() {
        return of(numerator.floorDiv(denominator));
    }

    public Fraction ceil() {
        return of(numerator.ceilDiv(denominator));
    }

    /** Rounded toward zero; a symbolic number whose sign is open counts as positive, as extents are. */
    public Fraction truncate() {
        return numerator.bounds().upper() <= 0 ? negate().floor().negate() : floor();
    }

    public Fraction min(Fraction other) {
        return reduced(crossed(other).min(other.crossed(this)), denominator.times(other.denominator));
    }

    public Fraction max(Fraction other) {
        return reduced(crossed(other).max(other.crossed(this)), denominator.times(other.denominator));
    }

    private Dim crossed(Fraction other) {
        return numerator.times(other.denominator);
    }

    /** Whether this is less than another one; empty when that depends on symbols. */
    public Optional<Boolean> lessThan(Fraction other) {
        Bounds lead = minus(other).numerator.bounds();
        if (lead.upper() < 0) {
            return Optional.of(true);
        }
        return lead.lower() >= 0 ? Optional.of(false) : Optional.empty();
    }

    /** Whether this is the same number as another one; empty when that depends on symbols. */
    public Optional<Boolean> sameAs(Fraction other) {
        Dim difference = minus(other).numerator;
        if (difference.isConstant()) {
            return Optional.of(difference.is(0));
        }
        Bounds bounds = difference.bounds();
        return bounds.lower() > 0 || bounds.upper() < 0 ? Optional.of(false) : Optional.empty();
    }

    private static Fraction reduced(Dim numerator, Dim denominator) {
        return new Fraction(numerator, denominator).reduced();
    }

    private Fraction reduced() {
        if (isInteger()) {
            return this;
        }
        if (isConstant()) {
            long above = numerator.constant();
            long below = denominator.constant();
            long shared = gcd(above, below);
            return new Fraction(Dim.of(above / shared), Dim.of(below / shared));
        }
        return numerator.divideExactly(denominator).map(Fraction::of).orElse(this);
    }

    private static long gcd(long a, long b) {
        return b == 0 ? Math.abs(a) : gcd(b, a % b);
    }
}
