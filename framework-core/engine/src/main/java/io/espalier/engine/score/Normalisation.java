package io.espalier.engine.score;

import io.espalier.spi.InvalidInputException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Collectors;

/**
 * Makes the scores of a group comparable with those of other groups: NORM of SPA (arXiv 2403.18955, section 3.2).
 *
 * <p>Scores of either sign are divided by what their magnitudes give, so that the order within a group remains. A divisor of 0,
 * which all-zero or all-equal groups have, gives scores of 0.
 */
public enum Normalisation {
    /** Divided by the sum; the default. */
    SUM,
    /** Unchanged. */
    NONE,
    /** Divided by the mean, as Torch-Pruning does by default. */
    MEAN,
    /** Divided by the largest. */
    MAX,
    /** Moved and scaled to 0 to 1. */
    MIN_MAX,
    /** Less the mean, divided by the standard deviation of the group. */
    STANDARD;

    /** Names as a user types them, the default first. */
    public static List<String> names() {
        return Arrays.stream(values()).map(Normalisation::toString).toList();
    }

    /**
     * The normalisation of a name.
     *
     * @throws InvalidInputException for an unknown name
     */
    public static Normalisation of(String name) {
        return Arrays.stream(values())
                .filter(each -> each.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new InvalidInputException("There is no normalisation '" + name + "'; available: "
                        + names().stream().collect(Collectors.joining(", ")) + "."));
    }

    /** The normalised scores of one group, in order. */
    public double[] of(double[] scores) {
        double sum = Arrays.stream(scores).sum();
        double mean = scores.length == 0 ? 0 : sum / scores.length;
        double magnitudes = Arrays.stream(scores).map(Math::abs).sum();
        double magnitude = Arrays.stream(scores).map(Math::abs).max().orElse(0);
        double largest = Arrays.stream(scores).max().orElse(0);
        double smallest = Arrays.stream(scores).min().orElse(0);
        DoubleUnaryOperator change = switch (this) {
            case SUM -> quotient(0, magnitudes);
            case NONE -> DoubleUnaryOperator.identity();
            case MEAN -> quotient(0, scores.length == 0 ? 0 : magnitudes / scores.length);
            case MAX -> quotient(0, magnitude);
            case MIN_MAX -> quotient(smallest, largest - smallest);
            case STANDARD -> quotient(mean, deviation(scores, mean));
        };
        return Arrays.stream(scores).map(change).toArray();
    }

    private static DoubleUnaryOperator quotient(double origin, double divisor) {
        return score -> divisor == 0 ? 0 : (score - origin) / divisor;
    }

    private static double deviation(double[] scores, double mean) {
        double squares = Arrays.stream(scores)
                .map(score -> (score - mean) * (score - mean))
                .sum();
        return scores.length == 0 ? 0 : Math.sqrt(squares / scores.length);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
