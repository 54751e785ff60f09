package io.espalier.engine.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntToDoubleFunction;
import java.util.function.ToIntFunction;

/**
 * Chooses the budgets that are tried, for the smallest that keeps a value. It looks at nothing but the trials before, so that a search
 * which was interrupted goes on as if it had not been.
 *
 * <p>The value is taken to fall with the budget. Between a budget that keeps it and one that does not, every other trial halves what is
 * between; the trials in turn with these lie where the value is expected, when it falls in proportion to the importance that is removed,
 * which is known without a trial. Immutable and thread-safe.
 */
public final class BudgetSearch {

    /** Budgets closer than this, in thousandths, are not told apart. */
    public static final int RESOLUTION = 10;

    /** Budgets that are tried are multiples of this. */
    private static final int STEP = 5;

    /** Budgets of the curve that are closer than this need none between them. */
    private static final int GAP = 60;

    private static final double FIRST_IMPORTANCE = 0.25;
    private static final int LEAST_FIRST = 300;

    private final double original;
    private final double least;
    private final IntToDoubleFunction importance;
    private final ToIntFunction<Trial> remaining;

    /**
     * A search.
     *
     * @param original the value of the original
     * @param least the value to keep
     * @param importance the share of all importance that a budget removes, from 0 to 1; does not rise with the budget
     * @param remaining what a trial that was measured really left, in thousandths, rounded up: at most its budget. Budgets down to there
     *     give the same model
     */
    public BudgetSearch(double original, double least, IntToDoubleFunction importance, ToIntFunction<Trial> remaining) {
        this.original = original;
        this.least = least;
        this.importance = importance;
        this.remaining = remaining;
    }

    /** The smallest budget of all that keeps the value. */
    public Optional<Trial> best(List<Trial> trials) {
        return trials.stream()
                .filter(trial -> trial.keeps(original, least))
                .min(Comparator.comparingInt(Trial::budget));
    }

    /** The budget to try next; empty when no smaller one is worth a trial. */
    public OptionalInt next(List<Trial> trials) {
        if (trials.isEmpty()) {
            return OptionalInt.of(first());
        }
        int keeps = best(trials).map(remaining::applyAsInt).orElse(Trial.WHOLE);
        Optional<Trial> loses =
                trials.stream().filter(trial -> trial.budget() < keeps).max(Comparator.comparingInt(Trial::budget));
        int between = keeps - loses.map(Trial::budget).orElse(0);
        if (between <= RESOLUTION) {
            return OptionalInt.empty();
        }
        int lower = keeps - between;
        int wanted = loses.flatMap(Trial::point).isPresent() && trials.size() % 2 == 1
                ? expected(trials, keeps, loses.orElseThrow())
                : keeps - (loses.isPresent() ? between / 2 : between / 3);
        int rounded = Math.round((float) wanted / STEP) * STEP;
        return OptionalInt.of(Math.max(lower + STEP, Math.min(keeps - STEP, rounded)));
    }

    /** The budget in the widest gap between budgets that were measured; empty where the curve is drawn closely enough. */
    public OptionalInt between(List<Trial> trials) {
        List<Integer> measured = new ArrayList<>(trials.stream()
                .filter(trial -> trial.point().isPresent())
                .map(Trial::budget)
                .sorted()
                .toList());
        measured.add(Trial.WHOLE);
        int widest = 0;
        int middle = 0;
        for (int i = 1; i < measured.size(); i++) {
            int gap = measured.get(i) - measured.get(i - 1);
            if (gap > widest) {
                widest = gap;
                middle = measured.get(i - 1) + gap / 2 / STEP * STEP;
            }
        }
        return widest > GAP ? OptionalInt.of(middle) : OptionalInt.empty();
    }

    private int first() {
        int least = where(FIRST_IMPORTANCE, 0, Trial.WHOLE);
        return Math.max(LEAST_FIRST, Math.min(Trial.WHOLE - STEP, least)) / STEP * STEP;
    }

    /** Where the value would be the least that is kept, if it fell evenly with the importance that is removed. */
    private int expected(List<Trial> trials, int keeps, Trial loses) {
        double above =
                best(trials).flatMap(Trial::point).map(Trial.Point::value).orElse(original);
        double below = loses.point().orElseThrow().value();
        double part = (above - least) / (above - below);
        double most = importance.applyAsDouble(loses.budget());
        double some = keeps == Trial.WHOLE ? 0 : importance.applyAsDouble(keeps);
        return where(some + part * (most - some), loses.budget(), keeps);
    }

    /** The smallest budget in a range that removes no more importance than this. */
    private int where(double removed, int from, int to) {
        int tooSmall = from;
        int enough = to;
        while (enough - tooSmall > 1) {
            int middle = (tooSmall + enough) >>> 1;
            if (importance.applyAsDouble(middle) <= removed) {
                enough = middle;
            } else {
                tooSmall = middle;
            }
        }
        return enough;
    }
}
