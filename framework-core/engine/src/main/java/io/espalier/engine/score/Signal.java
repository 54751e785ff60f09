package io.espalier.engine.score;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.criterion.ImportanceCriterion;
import java.util.Arrays;
import java.util.List;

/** Whether scores say anything about which channels to remove. */
public final class Signal {

    private Signal() {}

    /**
     * Refuses scores that are equal for all channels of every group. A single group whose scores differ is enough.
     *
     * @param scores for each group the score of each channel, not normalised
     * @throws InvalidInputException when they say nothing
     */
    public static void require(ImportanceCriterion criterion, List<double[]> scores) {
        List<double[]> choices =
                scores.stream().filter(group -> group.length > 1).toList();
        if (choices.isEmpty() || choices.stream().anyMatch(Signal::differs)) {
            return;
        }
        boolean zero = choices.stream().flatMapToDouble(Arrays::stream).allMatch(score -> score == 0);
        throw new InvalidInputException(
                "The criterion '" + criterion.name() + "' does not say which channels to remove: "
                        + (zero ? "every channel scores 0" : "all channels of a group score the same, in every group")
                        + ". The model may have nothing that the criterion looks at, or weights that were never trained; choose"
                        + " another criterion.");
    }

    private static boolean differs(double... scores) {
        return Arrays.stream(scores).anyMatch(score -> score != scores[0]);
    }
}
