package io.espalier.plugin.losses;

import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Node;
import io.espalier.spi.loss.LossContext;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All ways to align sequences of classes with steps, summed in logarithms. A sequence is written with a blank before, between and behind its
 * classes: a step stays where the last one was, goes on by one place, or by two past a blank between different classes.
 */
final class Alignments {

    /** The logarithm of what cannot be: finite, so that no difference is undefined. */
    private static final double NEVER = -1e30;

    private final LossContext context;
    private final long blank;
    /** The classes at each place, [examples, places]. */
    private final String places;
    /** 0 where two places may be gone on by, else what cannot be. */
    private final String leap;
    /** How many classes each sequence has, [examples, 1]. */
    private final String lengths;
    /** How many steps of each example count, [examples, 1]; empty where all do. */
    private final Optional<String> counted;

    /**
     * Writes blanks between classes.
     *
     * @param labels [examples, classes]; numbers below 0 and blanks do not count
     * @param steps how many steps of each example count, [examples]; empty where all do
     */
    Alignments(LossContext context, String labels, long blank, Optional<String> steps) {
        this.context = context;
        this.blank = blank;
        this.counted = steps.map(each -> context.apply("Unsqueeze", each, vector(1)));
        String there = context.apply(
                "And",
                context.apply("GreaterOrEqual", labels, whole(0)),
                context.apply("Not", context.apply("Equal", labels, whole(blank))));
        String marks = context.apply("Cast", to(7), there);
        this.lengths = context.apply("ReduceSum", marks, vector(1));
        this.places = places(closedUp(context.apply("Where", there, labels, whole(blank)), marks));
        String before = shifted(places, 2, whole(-1));
        String differs = context.apply("Not", context.apply("Equal", places, before));
        String written = context.apply("Not", context.apply("Equal", places, whole(blank)));
        this.leap = unless(context.apply("And", differs, written));
    }

    /** Classes that count in front of those that do not, in their order. */
    private String closedUp(String classes, String marks) {
        String extent = context.apply("Shape", Map.of("start", new Attribute.Int(1)), classes);
        String count = context.apply("Squeeze", extent);
        String numbers = context.apply("Range", whole(0), count, whole(1));
        String rank = context.apply("Sub", context.apply("Mul", marks, count), numbers);
        String order = context.add(Node.of("TopK", List.of(rank, extent), List.of("values", "places"), axis(1)))
                .get(1);
        return context.apply("GatherElements", axis(1), classes, order);
    }

    /** From n classes to 2 n + 1 places. */
    private String places(String classes) {
        String blanks = context.apply("Expand", whole(blank), context.apply("Shape", classes));
        String pairs = context.apply(
                "Concat",
                axis(2),
                context.apply("Unsqueeze", blanks, vector(2)),
                context.apply("Unsqueeze", classes, vector(2)));
        String flat = context.apply("Reshape", pairs, vector(0, -1));
        return context.apply("Pad", flat, vector(0, 0, 0, 1), whole(blank));
    }

    /**
     * The negative logarithm of the probability of each sequence.
     *
     * @param logarithms of the probabilities of classes, [examples, steps, classes]
     */
    String loss(String logarithms, int steps) {
        List<String> emitted = emitted(logarithms, steps);
        String sum = context.apply("Add", emitted.get(0), beginning());
        for (int step = 1; step < steps; step++) {
            String before = sum;
            String after = context.apply("Add", emitted.get(step), reached(sum));
            String number = whole(step);
            sum = counted.map(each -> context.apply("Where", context.apply("Greater", each, number), after, before))
                    .orElse(after);
        }
        String last = context.apply("Mul", lengths, whole(2));
        String lastClass = context.apply("Max", context.apply("Sub", last, whole(1)), whole(0));
        String none = unless(context.apply("Greater", lengths, whole(0)));
        String total = logOfSum(List.of(at(sum, last), context.apply("Add", at(sum, lastClass), none)));
        String possible = context.apply("Greater", total, context.scalar(NEVER / 2));
        String loss = context.apply("Where", possible, context.apply("Neg", total), context.scalar(0));
        return context.apply("Squeeze", loss, vector(1));
    }

    /** For each step, the logarithm of the probability of the class at each place. */
    private List<String> emitted(String logarithms, int steps) {
        String shape = context.apply(
                "Concat",
                axis(0),
                context.apply("Shape", Map.of("end", new Attribute.Int(2)), logarithms),
                context.apply("Shape", Map.of("start", new Attribute.Int(1)), places));
        String repeated = context.apply("Expand", context.apply("Unsqueeze", places, vector(1)), shape);
        String all = context.apply("GatherElements", axis(2), logarithms, repeated);
        if (steps == 1) {
            return List.of(context.apply("Squeeze", all, vector(1)));
        }
        long[] ones = new long[steps];
        Arrays.fill(ones, 1);
        List<String> names = Collections.nCopies(steps, "step");
        List<String> parts = context.add(Node.of("Split", List.of(all, vector(ones)), names, axis(1)));
        List<String> emitted = new ArrayList<>();
        parts.forEach(part -> emitted.add(context.apply("Squeeze", part, vector(1))));
        return emitted;
    }

    /** A sequence begins with a blank or with its first class. */
    private String beginning() {
        String count = context.apply("Shape", Map.of("start", new Attribute.Int(1)), places);
        String numbers = context.apply("Range", whole(0), context.apply("Squeeze", count), whole(1));
        return unless(context.apply("Less", numbers, whole(2)));
    }

    private String reached(String sum) {
        String never = context.scalar(NEVER);
        String twice = context.apply("Add", shifted(sum, 2, never), leap);
        return logOfSum(List.of(sum, shifted(sum, 1, never), twice));
    }

    private String logOfSum(List<String> parts) {
        String[] apart = parts.stream()
                .map(part -> context.apply("Unsqueeze", part, vector(2)))
                .toArray(String[]::new);
        String together = context.apply("Concat", axis(2), apart);
        return context.apply("ReduceLogSumExp", Map.of("keepdims", new Attribute.Int(0)), together, vector(2));
    }

    /** Each place gets what stood some places before it. */
    private String shifted(String value, long by, String first) {
        return context.apply("Pad", value, vector(0, by, 0, -by), first);
    }

    /** 0 where a condition holds, else the logarithm of what cannot be. */
    private String unless(String condition) {
        return context.apply("Where", condition, context.scalar(0), context.scalar(NEVER));
    }

    private String at(String value, String place) {
        return context.apply("GatherElements", axis(1), value, place);
    }

    private String whole(long number) {
        return context.constant(Tensors.longs(List.of(), number));
    }

    private String vector(long... numbers) {
        return context.constant(Tensors.vector(numbers));
    }

    private static Map<String, Attribute> axis(long axis) {
        return Map.of("axis", new Attribute.Int(axis));
    }

    private static Map<String, Attribute> to(long type) {
        return Map.of("to", new Attribute.Int(type));
    }
}
