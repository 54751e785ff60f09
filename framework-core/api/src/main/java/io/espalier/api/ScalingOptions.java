package io.espalier.api;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.data.InputScaling;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The options of data that scale its whole numbers, whatever reads it. */
final class ScalingOptions {

    static final String SCALE = "scale";
    static final String MEAN = "mean";
    static final String DEVIATION = "std";
    static final Set<String> NAMES = Set.of(SCALE, MEAN, DEVIATION);

    private ScalingOptions() {}

    /**
     * What the options say.
     *
     * @throws InvalidInputException when one is no number or fraction
     */
    static InputScaling of(Map<String, String> options) {
        if (options.containsKey(SCALE)) {
            return scaling(options);
        }
        if (options.containsKey(MEAN) || options.containsKey(DEVIATION)) {
            throw new InvalidInputException("the data options mean and std are of scaled values; add scale=1/255, or"
                    + " scale=1 when they are of the values as they lie in the file");
        }
        return InputScaling.NONE;
    }

    private static InputScaling scaling(Map<String, String> options) {
        double scale = number(SCALE, options.get(SCALE));
        try {
            return new InputScaling(scale, numbers(MEAN, options), numbers(DEVIATION, options));
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException("the data options cannot be used: " + e.getMessage(), e);
        }
    }

    private static List<Double> numbers(String name, Map<String, String> options) {
        List<Double> numbers = new ArrayList<>();
        if (options.containsKey(name)) {
            for (String text : options.get(name).split(",", -1)) {
                numbers.add(number(name, text.trim()));
            }
        }
        return numbers;
    }

    private static double number(String name, String text) {
        String[] parts = text.split("/", -1);
        try {
            return parts.length == 2
                    ? Double.parseDouble(parts[0]) / Double.parseDouble(parts[1])
                    : Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new InvalidInputException(
                    "the data option '" + name + "' cannot be '" + text
                            + "': expected a number or a fraction like 1/255",
                    e);
        }
    }
}
