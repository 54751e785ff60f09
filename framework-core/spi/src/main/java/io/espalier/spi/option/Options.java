package io.espalier.spi.option;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Stability;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Validated option values of one extension.
 *
 * <p>Immutable. Asking for a name that was not described is a programming error and throws
 * {@link IllegalArgumentException}.
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public final class Options {

    private final Map<String, String> values;

    private Options(Map<String, String> values) {
        this.values = values;
    }

    /**
     * Checks what a user typed against the descriptions and fills in defaults.
     *
     * @param owner who owns the options, for messages: such as {@code criterion 'lp'}
     * @throws InvalidInputException for an unknown name, a value of the wrong type or out of range
     */
    public static Options resolve(String owner, List<OptionSpec> specs, Map<String, String> typed) {
        Map<String, OptionSpec> known = new LinkedHashMap<>();
        specs.forEach(spec -> known.put(spec.name(), spec));
        typed.keySet().stream()
                .filter(name -> !known.containsKey(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new InvalidInputException(owner + " has no option '" + name + "'; "
                            + (known.isEmpty() ? "it has none" : "available: " + String.join(", ", known.keySet())));
                });
        Map<String, String> values = new TreeMap<>();
        known.forEach((name, spec) ->
                values.put(name, check(owner, spec, typed.getOrDefault(name, spec.defaultValue()))));
        return new Options(values);
    }

    /** No options at all. */
    public static Options none() {
        return new Options(Map.of());
    }

    public long integer(String name) {
        return Long.parseLong(text(name));
    }

    public double number(String name) {
        return Double.parseDouble(text(name));
    }

    public boolean flag(String name) {
        return Boolean.parseBoolean(text(name));
    }

    public String text(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException(
                    "option '" + name + "' was not described; described: " + values.keySet());
        }
        return value;
    }

    /** All values by name, in name order. */
    public Map<String, String> asMap() {
        return new TreeMap<>(values);
    }

    private static String check(String owner, OptionSpec spec, String value) {
        boolean valid = switch (spec.type()) {
            case TEXT -> true;
            case FLAG -> value.equals("true") || value.equals("false");
            case CHOICE -> spec.choices().contains(value);
            case INTEGER -> value.matches("[+-]?\\d{1,18}") && inRange(spec, Long.parseLong(value));
            case NUMBER -> isNumber(value) && inRange(spec, Double.parseDouble(value));
        };
        if (!valid) {
            throw new InvalidInputException(
                    "option '" + spec.name() + "' of " + owner + " cannot be '" + value + "': " + expectation(spec));
        }
        return value;
    }

    private static boolean isNumber(String value) {
        return value.matches("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");
    }

    private static boolean inRange(OptionSpec spec, double value) {
        return value >= spec.minimum().orElse(Double.NEGATIVE_INFINITY)
                && value <= spec.maximum().orElse(Double.POSITIVE_INFINITY);
    }

    private static String expectation(OptionSpec spec) {
        return switch (spec.type()) {
            case TEXT -> "expected text";
            case FLAG -> "expected true or false";
            case CHOICE -> "expected one of " + spec.choices().stream().collect(Collectors.joining(", "));
            case INTEGER -> "expected a whole number" + bounds(spec);
            case NUMBER -> "expected a number" + bounds(spec);
        };
    }

    private static String bounds(OptionSpec spec) {
        return spec.minimum().isEmpty() && spec.maximum().isEmpty()
                ? ""
                : " from " + spec.minimum().map(Options::plain).orElse("-infinity") + " to "
                        + spec.maximum().map(Options::plain).orElse("infinity");
    }

    private static String plain(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }
}
