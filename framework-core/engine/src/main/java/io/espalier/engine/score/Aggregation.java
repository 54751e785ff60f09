package io.espalier.engine.score;

import io.espalier.spi.InvalidInputException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Reduces the scores of all slices of a coupled channel to one number: AGG of SPA (arXiv 2403.18955, section 3.2).
 */
public enum Aggregation {
    /** The sum; the default. */
    SUM,
    /** The sum divided by the number of slices. */
    MEAN,
    /** The largest. */
    MAX,
    /** The product. */
    PRODUCT;

    /** Names as a user types them, the default first. */
    public static List<String> names() {
        return Arrays.stream(values()).map(Aggregation::toString).toList();
    }

    /**
     * The aggregation of a name.
     *
     * @throws InvalidInputException for an unknown name
     */
    public static Aggregation of(String name) {
        return Arrays.stream(values())
                .filter(each -> each.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new InvalidInputException("There is no aggregation '" + name + "'; available: "
                        + names().stream().collect(Collectors.joining(", ")) + "."));
    }

    /**
     * Reduces scores in their order.
     *
     * @return 0 when there are none
     */
    public double of(double[] scores) {
        if (scores.length == 0) {
            return 0;
        }
        double result = this == PRODUCT ? 1 : this == MAX ? Double.NEGATIVE_INFINITY : 0;
        for (double score : scores) {
            switch (this) {
                case SUM, MEAN -> result += score;
                case MAX -> result = Math.max(result, score);
                case PRODUCT -> result *= score;
            }
        }
        return this == MEAN ? result / scores.length : result;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
