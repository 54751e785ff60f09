package io.espalier.engine.search;

import io.espalier.spi.InvalidInputException;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a pruned model must keep of the share of examples that a metric counts: at most so many points may be lost, or at least so
 * many percent must remain.
 *
 * @param isLoss whether the amount is what may be lost
 * @param amount points of a hundred, not negative
 * @param text the goal as it was typed
 */
public record AccuracyGoal(boolean isLoss, BigDecimal amount, String text) {

    private static final String NAME = "accuracy";
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);
    private static final Pattern FORM =
            Pattern.compile("\\s*" + NAME + "\\s*=\\s*(-?)(\\d+(?:\\.\\d+)?)\\s*(\\S*)\\s*");

    /** Shares of examples that differ by no more are equal. */
    private static final double LAST_BITS = 1e-12;

    /** Of 20 models that keep their accuracy, 19 are measured within so many standard errors below it. */
    private static final double CONFIDENCE = 1.645;

    /** Whether a target is meant as such a goal. */
    public static boolean isMeant(String target) {
        return target.strip().toLowerCase(Locale.ROOT).startsWith(NAME);
    }

    /**
     * Reads a goal such as {@code accuracy=-1}, at most one point lost, or {@code accuracy=91.5%}.
     *
     * @throws InvalidInputException when it cannot be read, or asks for nothing or for everything
     */
    public static AccuracyGoal parse(String text) {
        Matcher form = FORM.matcher(text.toLowerCase(Locale.ROOT));
        if (!form.matches()) {
            throw unreadable(text, "it is not of the form accuracy=-POINTS or accuracy=PERCENT%");
        }
        boolean isLoss = !form.group(1).isEmpty();
        String unit = form.group(3);
        if (isLoss && !unit.isEmpty()) {
            throw unreadable(text, "what may be lost is a number of points, without '" + form.group(3) + "'");
        }
        if (!isLoss && !unit.equals("%")) {
            throw unreadable(text, "what must be kept is a percentage");
        }
        BigDecimal amount = new BigDecimal(form.group(2));
        if (amount.signum() == 0 || amount.compareTo(HUNDRED) >= 0) {
            throw unreadable(text, "the number must be above 0 and below 100");
        }
        return new AccuracyGoal(isLoss, amount, text.strip());
    }

    private static InvalidInputException unreadable(String text, String reason) {
        return new InvalidInputException("The target '" + text + "' cannot be used: " + reason
                + ". Write accuracy=-1 to lose at most one point, or accuracy=91.5% to keep so much.");
    }

    /**
     * The least value that meets the goal.
     *
     * @param original the value of the original, from 0 to 1
     */
    public double least(double original) {
        double share = amount.divide(HUNDRED).doubleValue();
        return (isLoss ? original - share : share) - LAST_BITS;
    }

    /** The standard error of a share that was measured on so many examples; never 0, whatever was measured. */
    public static double standardError(double share, long examples) {
        double smoothed = (share * examples + 1) / (examples + 2);
        return Math.sqrt(smoothed * (1 - smoothed) / examples);
    }

    /**
     * Whether chance alone does not hide a loss as large as may be lost.
     *
     * @param lossError standard error of what was lost; empty where it is not known
     * @param allowed what may be lost, from 0 to 1
     */
    static boolean isShown(OptionalDouble lossError, double allowed) {
        return lossError.isEmpty() || CONFIDENCE * lossError.getAsDouble() <= allowed;
    }

    /**
     * Refuses a goal that a measurement on so many examples could not show to be kept.
     *
     * @param original the value of the original on these examples, from 0 to 1
     * @param error the least standard error of a loss that is measured on them, from 0 to 1
     * @throws InvalidInputException when the original does not meet the goal, or chance alone could hide a loss as large as may be
     *     lost
     */
    public void requireShownBy(double original, long examples, double error) {
        double allowed = original - least(original);
        if (allowed <= 0) {
            throw new InvalidInputException(String.format(
                    Locale.ROOT,
                    "The target '%s' cannot be met: the original itself has %.2f %% on the data.",
                    text,
                    original * 100));
        }
        if (!isShown(OptionalDouble.of(error), allowed)) {
            throw new InvalidInputException(notShown(text, allowed, examples, error));
        }
    }

    /**
     * A sentence about a goal that examples cannot show to be kept, and how many could.
     *
     * @param text the goal as it was typed
     * @param allowed what may be lost, from 0 to 1
     * @param error standard error of a loss that is measured on the examples, from 0 to 1
     */
    public static String notShown(String text, double allowed, long examples, double error) {
        double ratio = CONFIDENCE * error / allowed;
        return String.format(
                Locale.ROOT,
                "The target '%s' cannot be promised on %d examples: a loss measured on them has a standard error of %.2f"
                        + " points or more, and %.2f may be lost. Give at least %d examples, or allow a loss of %.1f points.",
                text,
                examples,
                error * 100,
                allowed * 100,
                (long) Math.ceil(ratio * ratio * examples),
                Math.ceil(CONFIDENCE * error * 1000) / 10);
    }

    @Override
    public String toString() {
        return text;
    }
}
