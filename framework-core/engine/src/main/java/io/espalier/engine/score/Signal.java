package io.espalier.engine.score;

import io.espalier.engine.coupling.channel.Group;
import io.espalier.engine.score.NamePatterns.Choice;
import io.espalier.engine.score.NamePatterns.Ignored;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.criterion.ImportanceCriterion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Whether scores say anything about which channels to remove. */
public final class Signal {

    private Signal() {}

    /**
     * Leaves alone the groups of which a criterion scored no slice: nothing says which of their channels to remove.
     *
     * @throws InvalidInputException when it scored no slice of any group that may be pruned
     */
    public static Choice readable(ImportanceCriterion criterion, SliceScores slices, Choice choice) {
        List<Group> read = new ArrayList<>();
        List<Ignored> ignored = new ArrayList<>(choice.ignored());
        for (Group group : choice.groups()) {
            if (slices.reads(group)) {
                read.add(group);
            } else {
                ignored.add(
                        new Ignored(group, "the criterion '" + criterion.name() + "' reads none of its parameters"));
            }
        }
        if (read.isEmpty() && !choice.groups().isEmpty()) {
            throw new InvalidInputException("The criterion '" + criterion.name()
                    + "' does not say which channels to remove: it reads no parameter of the groups that may be pruned. It"
                    + " is described as: \"" + criterion.description() + "\" Choose another criterion.");
        }
        ignored.sort(Comparator.comparingInt(each -> each.group().id()));
        return new Choice(read, ignored);
    }

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
