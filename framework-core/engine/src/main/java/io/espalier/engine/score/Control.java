package io.espalier.engine.score;

import io.espalier.spi.InvalidInputException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

/** What scores are replaced by, to see how much of a result is due to the choice of channels. */
public enum Control {
    /** Nothing: the scores count. */
    NONE,
    /**
     * The scores of each group in random order: groups are as wide as the criterion makes them where they compete one channel at
     * a time, but which of its channels a group keeps is chance.
     */
    SHUFFLED;

    /** Names as a user types them. */
    public static List<String> names() {
        return Arrays.stream(values()).map(Control::toString).toList();
    }

    /**
     * The control of a name.
     *
     * @throws InvalidInputException for an unknown name
     */
    public static Control of(String name) {
        return Arrays.stream(values())
                .filter(each -> each.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new InvalidInputException(
                        "There is no control '" + name + "'; available: " + String.join(", ", names()) + "."));
    }

    /** What stands for the scores of a group, in order of its channels. */
    public double[] of(double[] scores, RandomGenerator random) {
        double[] changed = scores.clone();
        for (int i = changed.length - 1; i > 0 && this == SHUFFLED; i--) {
            int other = random.nextInt(i + 1);
            double swapped = changed[i];
            changed[i] = changed[other];
            changed[other] = swapped;
        }
        return changed;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
