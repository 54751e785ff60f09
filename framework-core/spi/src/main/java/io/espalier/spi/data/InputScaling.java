package io.espalier.spi.data;

import io.espalier.spi.Stability;
import java.util.List;

/**
 * How the whole numbers of an array become what a floating-point input takes: {@code (x * scale - mean) / deviation}.
 * Arrays of floating-point numbers are taken as they are.
 *
 * @param scale factor of every element
 * @param mean what is subtracted after that: nothing, one number, or one for each channel
 * @param deviation what is divided by at last, never 0: nothing, one number, or one for each channel
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.2.0")
public record InputScaling(double scale, List<Double> mean, List<Double> deviation) {

    /** Leaves numbers as they are. */
    public static final InputScaling NONE = new InputScaling(1, List.of(), List.of());

    public InputScaling {
        mean = List.copyOf(mean);
        deviation = List.copyOf(deviation);
        boolean finite = Double.isFinite(scale) && scale != 0 && mean.stream().allMatch(Double::isFinite);
        if (!finite || !deviation.stream().allMatch(each -> Double.isFinite(each) && each != 0)) {
            throw new IllegalArgumentException(
                    "scale " + scale + ", mean " + mean + " and deviation " + deviation + " scale nothing");
        }
        if (mean.size() > 1 && deviation.size() > 1 && mean.size() != deviation.size()) {
            throw new IllegalArgumentException(
                    mean.size() + " means and " + deviation.size() + " deviations are of different channels");
        }
    }

    /** How many channels are told apart; 1 when all are scaled alike. */
    int channels() {
        return Math.max(1, Math.max(mean.size(), deviation.size()));
    }

    double apply(double value, int channel) {
        return (value * scale - at(mean, channel, 0)) / at(deviation, channel, 1);
    }

    private static double at(List<Double> numbers, int channel, double otherwise) {
        return numbers.isEmpty() ? otherwise : numbers.get(numbers.size() == 1 ? 0 : channel);
    }
}
