package io.espalier.plugin.allocators;

import io.espalier.plugin.allocators.LossCurve.Point;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import io.espalier.spi.RunContext;
import io.espalier.spi.allocator.ScoredGroup;
import io.espalier.spi.allocator.SparsityAllocation;
import io.espalier.spi.allocator.SparsityAllocation.ChannelScores;
import io.espalier.spi.allocator.SparsityAllocator;
import io.espalier.spi.option.OptionSpec;
import io.espalier.spi.option.Options;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Widths by measured sensitivity: groups lose channels where that cost least accuracy, for each multiply-accumulate, parameter or byte saved, when
 * each was cut alone (Li et al., arXiv 1608.08710, section 3.2, measure so; the choice is the greedy one for the knapsack of convex curves).
 *
 * <p>The option {@code curves} names the table that {@code espalier sensitivity --curves} has written for the same model, with the same
 * recovery. The criterion decides which channels of a group go. What a group loses with all its channels counts as everything. Losses of cuts
 * that are made together add up at best roughly, and those within the noise of the measurement are told apart by {@code prior} alone, which
 * spreads the removal evenly. Not for tables of a few hundred examples.
 */
public final class SensitivityAllocator implements SparsityAllocator {

    private static final String CURVES = "curves";
    private static final String COST = "cost";
    private static final String PRIOR = "prior";

    @Override
    public String name() {
        return "sensitivity";
    }

    @Override
    public String description() {
        return "Widths by what it cost to cut each group alone, per cost saved.";
    }

    @Override
    public List<OptionSpec> options() {
        return List.of(
                OptionSpec.text(CURVES, "", "the table that 'espalier sensitivity --curves' has written"),
                SavedCost.option(),
                OptionSpec.number(
                        PRIOR, 0.01, 0, 1, "what a group loses with half of its channels, beside what was measured"));
    }

    @Override
    public SparsityAllocation allocate(List<ScoredGroup> groups, Options options, RunContext context) {
        String file = options.text(CURVES);
        if (file.isEmpty()) {
            throw new InvalidInputException(
                    "allocator 'sensitivity' needs what 'espalier sensitivity --curves FILE' has"
                            + " measured of the model; give --allocator-option curves=FILE");
        }
        Map<String, List<Point>> cuts = SensitivityCurves.read(Path.of(file));
        List<double[]> scores = new ArrayList<>();
        for (ScoredGroup group : groups) {
            context.checkCancelled();
            List<Point> measured = cuts.get(group.name());
            if (measured == null) {
                throw new InvalidInputException("allocator 'sensitivity' finds no group " + Quoted.name(group.name())
                        + " in " + Quoted.name(file) + ", which was measured of another model, or of some groups only");
            }
            scores.add(scores(group, curve(group, measured, options.number(PRIOR)), options.text(COST)));
        }
        return new ChannelScores(scores);
    }

    /** The prior grows with the square of the share that is removed, so that the curve stays convex. */
    private static LossCurve curve(ScoredGroup group, List<Point> measured, double prior) {
        double channels = group.scores().length;
        List<Point> points = measured.stream()
                .filter(point -> point.removed() > 0 && point.removed() < channels)
                .map(point -> new Point(
                        point.removed(),
                        Math.max(0, point.lost()) + 4 * prior * Math.pow(point.removed() / channels, 2)))
                .toList();
        return LossCurve.of(points, new Point(channels, 1 + 4 * prior));
    }

    private static double[] scores(ScoredGroup group, LossCurve curve, String cost) {
        Integer[] weakest = IntStream.range(0, group.scores().length).boxed().toArray(Integer[]::new);
        Arrays.sort(weakest, Comparator.comparingDouble(channel -> group.scores()[channel]));
        double[] scores = new double[weakest.length];
        double before = 0;
        for (int gone = 0; gone < weakest.length; gone++) {
            double perCost =
                    SavedCost.perCost(curve.slope(gone), group.savings().of(weakest[gone]), cost);
            // Channels of a group may save differently; the criterion alone says in which order they go.
            before = Math.max(before, perCost);
            scores[weakest[gone]] = before;
        }
        return scores;
    }
}
