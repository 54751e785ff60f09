package io.espalier.graph.symbol;

/**
 * A closed interval that holds every value an integer expression can take; the extremes of {@code long} stand for no
 * bound. Arithmetic saturates, so that a bound is never tighter than the truth.
 */
public record Bounds(long lower, long upper) {

    static final long NONE_BELOW = Long.MIN_VALUE;
    static final long NONE_ABOVE = Long.MAX_VALUE;

    public static Bounds of(long value) {
        return new Bounds(value, value);
    }

    public static Bounds atLeast(long lower) {
        return new Bounds(lower, NONE_ABOVE);
    }

    public Bounds plus(Bounds other) {
        return new Bounds(sum(lower, other.lower, NONE_BELOW), sum(upper, other.upper, NONE_ABOVE));
    }

    public Bounds times(Bounds other) {
        long a = product(lower, other.lower);
        long b = product(lower, other.upper);
        long c = product(upper, other.lower);
        long d = product(upper, other.upper);
        return new Bounds(Math.min(Math.min(a, b), Math.min(c, d)), Math.max(Math.max(a, b), Math.max(c, d)));
    }

    /** Bounds of the quotient rounded down; without a positive divisor nothing is known. */
    public Bounds floorDiv(Bounds divisor) {
        if (divisor.lower < 1) {
            return new Bounds(NONE_BELOW, NONE_ABOVE);
        }
        long least = Math.min(quotient(lower, divisor.lower), quotient(lower, divisor.upper));
        long most = Math.max(quotient(upper, divisor.lower), quotient(upper, divisor.upper));
        return new Bounds(least, most);
    }

    public Bounds min(Bounds other) {
        return new Bounds(Math.min(lower, other.lower), Math.min(upper, other.upper));
    }

    public Bounds max(Bounds other) {
        return new Bounds(Math.max(lower, other.lower), Math.max(upper, other.upper));
    }

    private static boolean infinite(long value) {
        return value == NONE_BELOW || value == NONE_ABOVE;
    }

    private static long sum(long a, long b, long infinity) {
        if (infinite(a) || infinite(b)) {
            return infinity;
        }
        long sum = a + b;
        boolean overflows = ((a ^ sum) & (b ^ sum)) < 0;
        return overflows ? infinity : sum;
    }

    private static long product(long a, long b) {
        if (a == 0 || b == 0) {
            return 0;
        }
        long high = Math.multiplyHigh(a, b);
        long low = a * b;
        boolean fits = !infinite(a) && !infinite(b) && (high == 0 && low >= 0 || high == -1 && low < 0);
        return fits ? low : (a < 0) == (b < 0) ? NONE_ABOVE : NONE_BELOW;
    }

    private static long quotient(long a, long b) {
        if (infinite(a)) {
            return a;
        }
        return infinite(b) ? (a < 0 ? -1 : 0) : Math.floorDiv(a, b);
    }
}
