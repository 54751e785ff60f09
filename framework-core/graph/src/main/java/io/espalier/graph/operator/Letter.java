package io.espalier.graph.operator;

/**
 * One index of an operand in an index line.
 *
 * @param name the letter; equal names correspond position by position
 * @param marker what the operator does along it
 */
public record Letter(String name, Marker marker) {

    /** What an operator does along an index, besides passing or contracting it. */
    public enum Marker {
        NONE(""),
        /** Mixes neighbouring positions: windows, pools, resizes. */
        OPAQUE("~"),
        /** Computes a mean or a norm along it. */
        STATISTIC("!"),
        /** Takes the largest or the smallest along it: a statistic of features, but a decision between candidates. */
        EXTREME("?"),
        /** Nothing may be removed along it. */
        BARRIER("#"),
        /** Other indices may lose different positions at each of its own, but none of its own: directions of a cell. */
        BATCH("^");

        private final String sign;

        /** Whether the operator computes something along it that depends on which positions there are. */
        public boolean isStatistic() {
            return this == STATISTIC || this == EXTREME;
        }

        Marker(String sign) {
            this.sign = sign;
        }

        static Marker of(char sign) {
            return switch (sign) {
                case '~' -> OPAQUE;
                case '!' -> STATISTIC;
                case '?' -> EXTREME;
                case '#' -> BARRIER;
                case '^' -> BATCH;
                default -> NONE;
            };
        }
    }

    /** Whether this is a second occurrence of another letter's labels within one operand, such as {@code h'}. */
    public boolean isEcho() {
        return name.endsWith("'");
    }

    /** The letter whose labels an echo repeats. */
    public String echoed() {
        return isEcho() ? name.substring(0, name.length() - 1) : name;
    }

    @Override
    public String toString() {
        return marker.sign + name;
    }
}
