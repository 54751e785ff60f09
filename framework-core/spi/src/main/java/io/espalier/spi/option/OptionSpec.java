package io.espalier.spi.option;

import io.espalier.spi.Stability;
import java.util.List;
import java.util.Optional;

/**
 * One option of an extension, described so that validation, help and docs come from one place.
 *
 * @param name kebab-case name, as typed by a user
 * @param type kind of value
 * @param defaultValue value when the user says nothing, in text form
 * @param minimum smallest number allowed, for numbers
 * @param maximum largest number allowed, for numbers
 * @param choices the words allowed, for choices
 * @param help one line
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public record OptionSpec(
        String name,
        Type type,
        String defaultValue,
        Optional<Double> minimum,
        Optional<Double> maximum,
        List<String> choices,
        String help) {

    /** Kind of value of an option. */
    public enum Type {
        INTEGER,
        NUMBER,
        TEXT,
        CHOICE,
        FLAG
    }

    public OptionSpec {
        choices = List.copyOf(choices);
    }

    /** A number within bounds, both included. */
    public static OptionSpec number(String name, double defaultValue, double minimum, double maximum, String help) {
        return new OptionSpec(
                name,
                Type.NUMBER,
                Double.toString(defaultValue),
                Optional.of(minimum),
                Optional.of(maximum),
                List.of(),
                help);
    }

    /** An integer within bounds, both included. */
    public static OptionSpec integer(String name, long defaultValue, long minimum, long maximum, String help) {
        return new OptionSpec(
                name,
                Type.INTEGER,
                Long.toString(defaultValue),
                Optional.of((double) minimum),
                Optional.of((double) maximum),
                List.of(),
                help);
    }

    /** One of several words; the first is the default. */
    public static OptionSpec choice(String name, List<String> choices, String help) {
        return new OptionSpec(name, Type.CHOICE, choices.get(0), Optional.empty(), Optional.empty(), choices, help);
    }

    /** Free text. */
    public static OptionSpec text(String name, String defaultValue, String help) {
        return new OptionSpec(name, Type.TEXT, defaultValue, Optional.empty(), Optional.empty(), List.of(), help);
    }

    /** A switch that is off unless named. */
    public static OptionSpec flag(String name, String help) {
        return new OptionSpec(name, Type.FLAG, "false", Optional.empty(), Optional.empty(), List.of(), help);
    }
}
