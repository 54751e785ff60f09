package io.espalier.engine.score;

import io.espalier.engine.coupling.channel.CoupledChannel;
import io.espalier.engine.coupling.channel.Group;
import io.espalier.spi.InvalidInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Scores of slices, arranged by the class of atoms each slice belongs to. Immutable and thread-safe.
 */
public final class SliceScores {

    /** Where the scores of a class begin in {@link #scores}; one more at the end. */
    private final int[] starts;

    private final double[] scores;

    /**
     * Arranges scores.
     *
     * @param classes for each labelled index, the class of each slice, -1 where a slice always stays
     * @param slices for each labelled index, the score of each slice
     */
    SliceScores(List<int[]> classes, List<double[]> slices) {
        int classCount = classes.stream().flatMapToInt(Arrays::stream).max().orElse(-1) + 1;
        int[] counts = new int[classCount + 1];
        classes.forEach(
                each -> Arrays.stream(each).filter(number -> number >= 0).forEach(number -> counts[number + 1]++));
        for (int i = 0; i < classCount; i++) {
            counts[i + 1] += counts[i];
        }
        this.starts = counts.clone();
        this.scores = new double[starts[classCount]];
        for (int labelledAxis = 0; labelledAxis < classes.size(); labelledAxis++) {
            int[] numbers = classes.get(labelledAxis);
            for (int slice = 0; slice < numbers.length; slice++) {
                if (numbers[slice] >= 0) {
                    scores[counts[numbers[slice]]++] = slices.get(labelledAxis)[slice];
                }
            }
        }
    }

    /**
     * These scores with other numbers of the classes.
     *
     * @param numbers for each class its number, different ones for different classes
     */
    public SliceScores renumbered(int[] numbers) {
        List<int[]> classes = new ArrayList<>();
        List<double[]> slices = new ArrayList<>();
        for (int each = 0; each < starts.length - 1; each++) {
            int[] renumbered = new int[starts[each + 1] - starts[each]];
            Arrays.fill(renumbered, numbers[each]);
            classes.add(renumbered);
            slices.add(slices(each));
        }
        return new SliceScores(classes, slices);
    }

    /** The score of one class: of all its slices. */
    public double ofClass(int classNumber, Aggregation aggregation) {
        return aggregation.of(slices(classNumber));
    }

    /**
     * The score of each coupled channel of a group: of all slices of all its classes, not normalised.
     *
     * @throws InvalidInputException when an aggregated score is not finite
     */
    public double[] ofChannels(Group group, Aggregation aggregation) {
        return group.channels().stream()
                .mapToDouble(channel -> finite(group, aggregation, aggregation.of(slices(channel))))
                .toArray();
    }

    /** Whether any slice of any channel of a group was scored. */
    boolean reads(Group group) {
        return group.channels().stream()
                .flatMapToInt(channel -> Arrays.stream(channel.classes()))
                .anyMatch(each -> each < starts.length - 1 && starts[each] < starts[each + 1]);
    }

    private static double finite(Group group, Aggregation aggregation, double score) {
        if (!Double.isFinite(score)) {
            throw new InvalidInputException("The " + aggregation + " of the scores of a channel of '" + group.name()
                    + "' is " + score + ", which is not a finite number; choose another aggregation.");
        }
        return score;
    }

    private double[] slices(int classNumber) {
        return classNumber < starts.length - 1
                ? Arrays.copyOfRange(scores, starts[classNumber], starts[classNumber + 1])
                : new double[0];
    }

    private double[] slices(CoupledChannel channel) {
        int[] classes = channel.classes();
        if (classes.length == 1) {
            return slices(classes[0]);
        }
        double[][] parts = new double[classes.length][];
        int size = 0;
        for (int i = 0; i < parts.length; i++) {
            parts[i] = slices(classes[i]);
            size += parts[i].length;
        }
        double[] all = new double[size];
        int next = 0;
        for (double[] part : parts) {
            System.arraycopy(part, 0, all, next, part.length);
            next += part.length;
        }
        return all;
    }
}
