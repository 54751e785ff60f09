package io.espalier.cli.text;

import java.util.Locale;

/** Numbers as people read them, the same in every locale. */
public final class Figures {

    private static final String[] BYTE_UNITS = {"B", "kB", "MB", "GB", "TB", "PB"};

    private Figures() {}

    /** A number of things, such as {@code 1 difference} or {@code 1,024 differences}. */
    public static String count(long count, String thing) {
        return count(count) + " " + thing + (count == 1 ? "" : "s");
    }

    /** A count with groups of three digits: {@code 1,814,073,344}. */
    public static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** A number of bytes in decimal units: {@code 1.09 MB}. */
    public static String bytes(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= 999.5 && unit < BYTE_UNITS.length - 1) {
            value /= 1000;
            unit++;
        }
        return unit == 0 ? bytes + " B" : threeDigits(value) + " " + BYTE_UNITS[unit];
    }

    /** A time in milliseconds, from nanoseconds: {@code 0.812 ms}. */
    public static String millis(double nanos) {
        return threeDigits(nanos / 1e6) + " ms";
    }

    /** A share of one in per cent with two decimals: {@code 92.35 %}. */
    public static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f %%", share * 100);
    }

    /** How much one value differs from another: {@code -49.8 %}. */
    public static String change(double before, double after) {
        return before == 0 ? "" : String.format(Locale.ROOT, "%+.1f %%", (after / before - 1) * 100);
    }

    /** A small number as {@code 1.2e-07}. */
    public static String scientific(double value) {
        return String.format(Locale.ROOT, "%.1e", value);
    }

    /** A score or another plain number with four significant digits. */
    public static String plain(double value) {
        return String.format(Locale.ROOT, "%.4g", value);
    }

    /** A number of channels that may be a mean: {@code 8} or {@code 2.5}. */
    public static String width(double width) {
        return width == Math.rint(width) ? count((long) width) : String.format(Locale.ROOT, "%.1f", width);
    }

    /** A duration in whole seconds: {@code 1:05}. */
    public static String clock(long seconds) {
        return String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60);
    }

    private static String threeDigits(double value) {
        String format = value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f";
        return String.format(Locale.ROOT, value < 0.9995 ? "%.3f" : format, value);
    }
}
