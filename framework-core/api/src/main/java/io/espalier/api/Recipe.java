package io.espalier.api;

import java.util.Map;
import java.util.Optional;

/**
 * Settings that a run takes where its request names none: the best in the worst case that was measured for what the run is given
 * (docs/benchmarks/Recipes.java).
 *
 * @param name its name
 * @param criterion what makes a channel important
 * @param aggregate how the scores of coupled slices become one
 * @param normalise how the scores of a group are made comparable with others
 * @param allocator which channels compete with each other
 * @param compensator what repairs weights after the cut
 */
record Recipe(
        String name,
        Choice criterion,
        String aggregate,
        String normalise,
        Choice allocator,
        Optional<String> compensator) {

    /** A model alone. */
    private static final Recipe WEIGHTS =
            new Recipe("weights", Choice.of("l2"), "sum", "mean", Choice.of("global"), Optional.empty());

    /** A model and inputs without labels. */
    private static final Recipe CALIBRATED =
            new Recipe("calibrated", Choice.of("l2"), "sum", "mean", Choice.of("uniform"), Optional.of("obs"));

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
}
