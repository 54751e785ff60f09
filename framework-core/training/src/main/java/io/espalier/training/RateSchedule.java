package io.espalier.training;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.option.OptionSpec;
import io.espalier.spi.option.Options;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How the learning rate changes from step to step. Immutable and thread-safe.
 *
 * @param shape the course
 * @param options validated options of the course
 */
public record RateSchedule(Shape shape, Options options) {

    private static final String WARM_UP = "warm-up";
    private static final String FACTOR = "factor";
    private static final String TIMES = "times";
    private static final String FIRST = "first";
    private static final String LAST = "last";

    /** The courses of learning rates. */
    public enum Shape {
        /** The rate that was given. */
        CONSTANT,
        /** Multiplied with a factor several times, after equal stretches. */
        STEP,
        /** Down half a cosine (Loshchilov and Hutter, SGDR, arXiv 1608.03983, without restarts). */
        COSINE,
        /** Up half a cosine and down another (Smith and Topin, Super-convergence, arXiv 1708.07120). */
        ONE_CYCLE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** What can be set. */
        public List<OptionSpec> options() {
            List<OptionSpec> all = new ArrayList<>();
            double warmUp = this == ONE_CYCLE ? 0.3 : 0;
            all.add(OptionSpec.number(WARM_UP, warmUp, 0, 1, "share of all steps over which the rate rises"));
            if (this == STEP) {
                all.add(OptionSpec.number(FACTOR, 0.1, 0, 1, "what the rate is multiplied with"));
                all.add(OptionSpec.integer(TIMES, 2, 1, 1000, "how often it is multiplied"));
            }
            if (this == ONE_CYCLE) {
                all.add(OptionSpec.number(FIRST, 0.04, 0, 1, "share of the rate at the first step"));
            }
            if (this == COSINE || this == ONE_CYCLE) {
                all.add(OptionSpec.number(LAST, 0, 0, 1, "share of the rate at the last step"));
            }
            return all;
        }
    }

    /** The course where none was asked for. */
    public static final String DEFAULT = Shape.COSINE.toString();

    /**
     * A course by its name.
     *
     * @throws InvalidInputException when there is none of that name, or an option does not fit
     */
    public static RateSchedule of(String name, Map<String, String> options) {
        Shape shape = Arrays.stream(Shape.values())
                .filter(each -> each.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new InvalidInputException("There is no course of learning rates '" + name
                        + "'; there are "
                        + Arrays.stream(Shape.values()).map(Shape::toString).collect(Collectors.joining(", "))));
        return new RateSchedule(
                shape, Options.resolve("the course of learning rates '" + name + "'", shape.options(), options));
    }

    /**
     * The rate of a step.
     *
     * @param rate the rate that was given, the largest
     * @param step how many steps were made before
     * @param steps how many there will be
     */
    double rate(double rate, long step, long steps) {
        double done = steps == 1 ? 0 : (double) step / (steps - 1);
        double warmUp = options.number(WARM_UP);
        if (done < warmUp) {
            return rate * rising(done / warmUp, step, steps);
        }
        return rate * falling(warmUp == 1 ? 0 : (done - warmUp) / (1 - warmUp));
    }

    /** Linear from the first step on, which is not lost; half a cosine in one cycle. */
    private double rising(double done, long step, long steps) {
        if (shape == Shape.ONE_CYCLE) {
            return between(1, options.number(FIRST), done);
        }
        return (step + 1) / (options.number(WARM_UP) * (steps - 1) + 1);
    }

    private double falling(double done) {
        return switch (shape) {
            case CONSTANT -> 1;
            case STEP -> {
                long times = options.integer(TIMES);
                yield Math.pow(options.number(FACTOR), Math.min(times, Math.floor(done * (times + 1))));
            }
            case COSINE, ONE_CYCLE -> between(options.number(LAST), 1, done);
        };
    }

    /** Half a cosine from {@code start} to {@code end}. */
    private static double between(double end, double start, double done) {
        return end + (start - end) * (1 + Math.cos(Math.PI * done)) / 2;
    }
}
