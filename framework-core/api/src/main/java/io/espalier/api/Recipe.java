package io.espalier.api;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Settings that a run takes where its request names none: the best in the worst case that was measured for what the run is given
 * (docs/benchmarks/Recipes.java).
 *
 * @param name its name
 * @param ways how channels are chosen: the first, unless there is data to try the others on
 * @param compensator what repairs weights after the cut
 */
record Recipe(String name, List<Way> ways, Optional<String> compensator) {

    private static final String PER_COST = "per-cost";

    /** A model alone. No way is good for all networks; these together are: one of them is near the best of each. */
    private static final Recipe WEIGHTS = new Recipe(
            "weights",
            List.of(
                    Way.of("l2", "sum", "mean", "global"),
                    Way.of("l2", "max", "none", "global"),
                    Way.of("l2", "sum", "none", "isomorphic"),
                    Way.of("fpgm", "sum", "mean", "global"),
                    Way.of("fpgm", "max", "max", "global"),
                    Way.of("fpgm", "max", "mean", "isomorphic")),
            Optional.empty());

    /**
     * A model and inputs, with or without labels. Gradients are better for most networks at most targets, and far worse for
     * some, mostly those that errors of reconstruction suit.
     */
    private static final Recipe CALIBRATED = new Recipe(
            "calibrated",
            List.of(
                    Way.of("l2", "sum", "mean", "uniform"),
                    Way.of("jacobian", "sum", "none", PER_COST),
                    Way.of("obs", "sum", "mean", "uniform")),
            Optional.of("obs"));

    /** A model before training. Widths count there, and hardly which channels have them; nothing but the papers was measured. */
    static final Recipe UNTRAINED =
            new Recipe("untrained", List.of(Way.of("snip", "sum", "mean", "global")), Optional.empty());

    /**
     * How channels are chosen.
     *
     * @param criterion what makes a channel important
     * @param aggregate how the scores of coupled slices become one
     * @param normalise how the scores of a group are made comparable with others
     * @param allocator which channels compete with each other
     */
    record Way(Choice criterion, String aggregate, String normalise, Choice allocator) {

        private static Way of(String criterion, String aggregate, String normalise, String allocator) {
            return new Way(Choice.of(criterion), aggregate, normalise, Choice.of(allocator));
        }

        private Way timed() {
            return allocator.equals(Choice.of(PER_COST))
                    ? new Way(criterion, aggregate, normalise, new Choice(PER_COST, Map.of("cost", "latency")))
                    : this;
        }

        /** As settings of a journal. */
        Map<String, String> settings() {
            Map<String, String> all = new TreeMap<>();
            all.put("criterion", criterion.name());
            criterion.options().forEach((name, value) -> all.put("criterion-option." + name, value));
            all.put("aggregate", aggregate);
            all.put("normalise", normalise);
            all.put("allocator", allocator.name());
            allocator.options().forEach((name, value) -> all.put("allocator-option." + name, value));
            return all;
        }
    }

    /**
     * An extension with options.
     *
     * @param name its name
     * @param options those that are not its defaults
     */
    record Choice(String name, Map<String, String> options) {

        private static Choice of(String name) {
            return new Choice(name, Map.of());
        }
    }

    /**
     * The recipe for what a request gives.
     *
     * @param mayRepair whether there is calibration data, and weights may be repaired with it
     * @param compensator the compensator it names: others than that of the recipe need the choice for weights alone
     */
    static Recipe of(boolean mayRepair, Optional<String> compensator) {
        boolean isFitted = compensator.isEmpty() || compensator.equals(CALIBRATED.compensator);
        return mayRepair && isFitted ? CALIBRATED : WEIGHTS;
    }

    /** The recipe for a latency as the target: where channels compete by cost, that is what they take in the runtime. */
    Recipe timed() {
        return new Recipe(name, ways.stream().map(Way::timed).toList(), compensator);
    }

    /** The way that is taken where there is nothing to try others on. */
    Way way() {
        return ways.get(0);
    }
}
