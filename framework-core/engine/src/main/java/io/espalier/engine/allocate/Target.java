package io.espalier.engine.allocate;

import io.espalier.spi.InvalidInputException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What must remain: at most an amount, or a share of the original.
 *
 * @param metric what is measured
 * @param isShare whether the amount is a percentage of the original
 * @param amount percent, or a whole number of units
 * @param text the target as it was typed
 */
public record Target(Metric metric, boolean isShare, BigDecimal amount, String text) {

    /** What a target measures. */
    public enum Metric {
        /** Multiply-accumulates. */
        MACS,
        /** Trained elements. */
        PARAMS,
        /** Bytes of constants. */
        BYTES,
        /** Coupled channels. */
        CHANNELS,
        /** Nanoseconds of one run in the native runtime. */
        LATENCY;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);
    private static final int SHARE_DIGITS = 20;
    private static final Pattern FORM =
            Pattern.compile("\\s*([a-zA-Z]+)\\s*=\\s*(\\d+(?:\\.\\d+)?)\\s*([a-zA-Zµ%]*)\\s*");
    private static final Map<String, Long> UNITS = units();
    private static final Map<String, Long> TIMES = times();

    /**
     * Reads a target such as {@code macs=50%}, {@code params=3.2M} or {@code bytes=20MB}. The units k, M and G are
     * decimal, Ki, Mi and Gi binary; a B may follow for bytes. Latencies are shares, or times such as {@code latency=2ms}.
     *
     * @throws InvalidInputException when it cannot be read, or is not more than nothing and at most the whole
     */
    public static Target parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw unreadable(text, "it is not of the form METRIC=AMOUNT");
        }
        Metric metric = Arrays.stream(Metric.values())
                .filter(each -> each.toString().equals(form.group(1).toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> unreadable(text, "there is no metric '" + form.group(1) + "'"));
        BigDecimal number = new BigDecimal(form.group(2));
        boolean share = form.group(3).equals("%");
        BigDecimal amount = share ? number : absolute(text, metric, number, form.group(3));
        if (amount.signum() <= 0) {
            throw unreadable(text, "nothing would remain");
        }
        if (share && amount.compareTo(HUNDRED) > 0) {
            throw unreadable(text, "more than 100% cannot remain");
        }
        return new Target(metric, share, amount, text.strip());
    }

    private static BigDecimal absolute(String text, Metric metric, BigDecimal number, String unit) {
        if (metric == Metric.LATENCY) {
            return time(text, number, unit);
        }
        boolean isBytes = metric == Metric.BYTES;
        String prefix =
                isBytes && unit.toUpperCase(Locale.ROOT).endsWith("B") ? unit.substring(0, unit.length() - 1) : unit;
        Long factor = UNITS.get(prefix.toLowerCase(Locale.ROOT));
        if (factor == null) {
            throw unreadable(
                    text,
                    "there is no unit '" + unit + "'; units are "
                            + String.join(", ", "%", "k", "M", "G", "Ki", "Mi", "Gi")
                            + (isBytes ? ", each also with a B" : ""));
        }
        BigDecimal amount = number.multiply(BigDecimal.valueOf(factor)).setScale(0, RoundingMode.FLOOR);
        if (unit.isEmpty() && number.compareTo(BigDecimal.ONE) <= 0) {
            throw unreadable(
                    text,
                    "an absolute amount is a whole number; write "
                            + number.multiply(HUNDRED).stripTrailingZeros().toPlainString() + "% for a share");
        }
        return amount;
    }

    private static BigDecimal time(String text, BigDecimal number, String unit) {
        Long nanos = TIMES.get(unit);
        if (nanos == null) {
            throw unreadable(
                    text,
                    (unit.isEmpty() ? "a latency needs a unit" : "there is no unit '" + unit + "' of latencies")
                            + "; units are %, " + String.join(", ", TIMES.keySet()));
        }
        return number.multiply(BigDecimal.valueOf(nanos)).setScale(0, RoundingMode.FLOOR);
    }

    private static Map<String, Long> times() {
        Map<String, Long> times = new LinkedHashMap<>();
        times.put("s", 1_000_000_000L);
        times.put("ms", 1_000_000L);
        times.put("us", 1_000L);
        times.put("µs", 1_000L);
        return times;
    }

    private static Map<String, Long> units() {
        Map<String, Long> units = new LinkedHashMap<>();
        units.put("", 1L);
        units.put("k", 1_000L);
        units.put("m", 1_000_000L);
        units.put("g", 1_000_000_000L);
        units.put("ki", 1L << 10);
        units.put("mi", 1L << 20);
        units.put("gi", 1L << 30);
        return units;
    }

    private static InvalidInputException unreadable(String text, String reason) {
        return new InvalidInputException("The target '" + text + "' cannot be used: " + reason
                + ". A target names what remains, as in macs=50%, params=3.2M, bytes=20MB, channels=70% or latency=60%; metrics are "
                + Arrays.stream(Metric.values()).map(Metric::toString).collect(Collectors.joining(", ")) + ".");
    }

    /** The same as an amount, where it is a share of a whole. */
    public Target ofTotal(long whole) {
        return isShare ? new Target(metric, false, BigDecimal.valueOf(limit(whole)), text) : this;
    }

    /** The largest value that meets this target, for the value before anything is removed. */
    public long limit(long original) {
        return isShare
                ? BigDecimal.valueOf(original)
                        .multiply(amount)
                        .divide(HUNDRED, 0, RoundingMode.FLOOR)
                        .longValueExact()
                : amount.longValueExact();
    }

    /**
     * The largest value that meets one of several steps to this target, each of which leaves the same share of what it finds.
     *
     * @param progress how much of the way is done after the step: above 0, at most 1
     */
    public long limit(long original, double progress) {
        long last = limit(original);
        return progress == 1 || last >= original
                ? last
                : (long) (original * Math.pow((double) last / original, progress));
    }

    /**
     * The same as a share of what an earlier step left.
     *
     * @param limit the largest value that meets it
     * @param left what there is of it, above 0
     */
    public Target within(long limit, long left) {
        // Rounded up, so that the share of what is left is the limit and not one less.
        BigDecimal percent = BigDecimal.valueOf(Math.min(limit, left))
                .multiply(HUNDRED)
                .divide(BigDecimal.valueOf(left), SHARE_DIGITS, RoundingMode.CEILING)
                .min(HUNDRED);
        return new Target(
                metric, true, percent, metric + "=" + percent.setScale(2, RoundingMode.HALF_UP) + "% of what is left");
    }

    /** An amount of the metric for people. */
    public String shown(long value) {
        return metric == Metric.LATENCY ? String.format(Locale.ROOT, "%.3f ms", value / 1e6) : Long.toString(value);
    }

    /** Whether the amount would be a usual percentage: a number from 1 to 100 without a unit. */
    boolean looksLikeShare() {
        return !isShare && amount.compareTo(HUNDRED) <= 0 && Character.isDigit(text.charAt(text.length() - 1));
    }

    @Override
    public String toString() {
        return text;
    }
}
