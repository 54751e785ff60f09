package io.espalier.engine.coupling.channel;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.label.Barrier;
import io.espalier.engine.coupling.label.LabelClasses;
import io.espalier.engine.coupling.label.SortedInts;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.IntToDoubleFunction;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Turns classes into coupled channels: sets of classes that can be removed without leaving any tensor ragged.
 *
 * <p>Where an operator treats rows one by one, such as attention heads, a channel is a whole row, or a column of
 * every row, or both are offered (see {@link Heads}). Elsewhere a channel is one column; where a grid demands that every row keeps the same number, it is one column of every
 * row, the least important of each first.
 */
final class Channels {

    private final LabelClasses classes;
    private final BitSet layerRows;
    private final Closure closure;
    private final WidthCheck widths;
    private final IntToDoubleFunction score;
    private final Heads heads;
    private final BitSet shadowed = new BitSet();
    private final Set<IntBuffer> rows = new LinkedHashSet<>();
    private final List<CoupledChannel> found = new ArrayList<>();
    private final List<Unreachable> unreachable = new ArrayList<>();

    /** A class that no channel removes, with the reason. */
    record Unreachable(int classNumber, Barrier reason) {}

    Channels(Coupling coupling, IntToDoubleFunction score, Heads heads) {
        this.classes = coupling.classes();
        this.layerRows = LayerRows.of(coupling);
        this.closure = new Closure(coupling);
        this.widths = new WidthCheck(coupling);
        this.score = score;
        this.heads = heads;
    }

    List<Unreachable> unreachable() {
        return unreachable;
    }

    List<CoupledChannel> find() {
        List<int[]> ties = ties();
        for (int[] tie : ties) {
            boolean head = any(tie, classes::isWholeRow);
            if (head ? heads != Heads.SIZE : any(tie, layerRows::get)) {
                offerRow(tie, !head || heads == Heads.WHOLE);
            }
        }
        List<int[]> uneven = new ArrayList<>();
        for (int[] tie : ties) {
            if (any(tie, classes::isBase) && any(tie, each -> !shadowed.get(each))) {
                offerColumn(tie, uneven);
            }
        }
        bundle(uneven);
        found.sort(Comparator.comparingInt(channel -> channel.classes()[0]));
        return found;
    }

    /** Classes that are tied to each other, in the order of the first of each. */
    private List<int[]> ties() {
        int[] sizes = new int[classes.count()];
        for (int each = 0; each < sizes.length; each++) {
            sizes[classes.tieOf(each)]++;
        }
        int[][] byNumber = new int[sizes.length][];
        List<int[]> ties = new ArrayList<>();
        for (int each = 0; each < sizes.length; each++) {
            int number = classes.tieOf(each);
            if (byNumber[number] == null) {
                byNumber[number] = new int[sizes[number]];
                ties.add(byNumber[number]);
            }
            int[] tie = byNumber[number];
            tie[tie.length - sizes[number]--] = each;
        }
        return ties;
    }

    private static boolean any(int[] classes, IntPredicate condition) {
        for (int each : classes) {
            if (condition.test(each)) {
                return true;
            }
        }
        return false;
    }

    /** A row, once: a key row and a value row that take each other with them are the same channel. */
    private void offerRow(int[] tie, boolean insteadOfColumns) {
        int[] removed = closure.of(tie);
        if (barrier(removed).isEmpty() && isEven(removed) && rows.add(IntBuffer.wrap(removed))) {
            found.add(new CoupledChannel(removed));
            if (insteadOfColumns) {
                Arrays.stream(removed).forEach(shadowed::set);
            }
        }
    }

    private void offerColumn(int[] tie, List<int[]> uneven) {
        int[] removed = closure.of(tie);
        Optional<Barrier> barrier = barrier(removed);
        if (barrier.isPresent()) {
            Arrays.stream(tie).forEach(each -> unreachable.add(new Unreachable(each, barrier.get())));
        } else if (heads != Heads.WHOLE && Arrays.stream(removed).anyMatch(classes::isWholeRow)) {
            // A table with one column for each head is removed with the heads, not column by column.
            return;
        } else if (isEven(removed)) {
            found.add(new CoupledChannel(removed));
        } else {
            uneven.add(removed);
        }
    }

    private boolean isEven(int[] removed) {
        for (int each : removed) {
            if (widths.isConstrained(each)) {
                return widths.deficit(removed).isEmpty();
            }
        }
        return true;
    }

    private Optional<Barrier> barrier(int[] removed) {
        for (int each : removed) {
            Optional<Barrier> barrier = classes.frozen(each);
            if (barrier.isPresent()) {
                return barrier;
            }
        }
        return Optional.empty();
    }

    // ---- bundles

    private void bundle(List<int[]> candidates) {
        Map<Integer, int[]> byClass = new LinkedHashMap<>();
        candidates.forEach(candidate -> Arrays.stream(candidate).forEach(each -> byClass.put(each, candidate)));
        List<int[]> order = new ArrayList<>(candidates);
        order.sort(Comparator.<int[]>comparingDouble(this::score)
                .thenComparing(Comparator.<int[]>comparingInt(each -> each[0]).reversed()));
        Set<int[]> used = new LinkedHashSet<>();
        Bundles bundles = new Bundles();
        for (int[] seed : order) {
            if (used.contains(seed)) {
                continue;
            }
            Optional<Set<int[]>> bundle = grow(seed, byClass, used::contains)
                    .filter(each -> bundles.admits(joined(each)))
                    .or(() -> grow(seed, byClass, each -> used.contains(each) || any(each, bundles::holds))
                            .filter(each -> bundles.admits(joined(each))));
            if (bundle.isEmpty()) {
                String origin = widths.deficit(seed).map(widths::origin).orElse("");
                Barrier reason = new Barrier(
                        "grid", origin, origin, -1, "no set of channels around it leaves every row equally many");
                Arrays.stream(seed)
                        .filter(each -> !bundles.holds(each))
                        .forEach(each -> unreachable.add(new Unreachable(each, reason)));
                used.add(seed);
                continue;
            }
            used.addAll(bundle.get());
            bundles.add(joined(bundle.get()));
        }
        bundles.all().forEach(each -> found.add(new CoupledChannel(each)));
    }

    /** Bundles that leave every row equally many, each of them and those that share classes together. */
    private final class Bundles {

        private final List<int[]> all = new ArrayList<>();
        private final Map<Integer, List<int[]>> byClass = new HashMap<>();

        List<int[]> all() {
            return all;
        }

        boolean holds(int each) {
            return byClass.containsKey(each);
        }

        /** Whether a bundle can be removed beside those that it shares classes with: beside each, and beside all. */
        boolean admits(int... bundle) {
            Set<int[]> met = Arrays.stream(bundle)
                    .filter(widths::isConstrained)
                    .mapToObj(each -> byClass.getOrDefault(each, List.of()))
                    .flatMap(List::stream)
                    .collect(Collectors.toCollection(LinkedHashSet::new));
            return met.isEmpty()
                    || met.stream().allMatch(other -> isRemovable(union(List.of(bundle, other))))
                            && isRemovable(union(Stream.concat(Stream.of(bundle), met.stream())
                                    .toList()));
        }

        void add(int... bundle) {
            all.add(bundle);
            for (int each : bundle) {
                byClass.computeIfAbsent(each, key -> new ArrayList<>()).add(bundle);
            }
        }
    }

    /** Whether classes that are removed without any other leave every row equally many. */
    private boolean isRemovable(int... removed) {
        return isEven(removed) && Arrays.equals(closure.of(removed), removed);
    }

    private int[] joined(Collection<int[]> sets) {
        return closure.of(union(sets));
    }

    private static int[] union(Collection<int[]> sets) {
        return SortedInts.distinct(sets.stream().flatMapToInt(Arrays::stream).toArray());
    }

    private double score(int[] candidate) {
        return Arrays.stream(candidate).mapToDouble(score::applyAsDouble).sum();
    }

    private Optional<Set<int[]>> grow(int[] seed, Map<Integer, int[]> byClass, Predicate<int[]> used) {
        if (used.test(seed)) {
            return Optional.empty();
        }
        Set<int[]> bundle = new LinkedHashSet<>();
        bundle.add(seed);
        int[] removed = closure.of(seed);
        Optional<WidthCheck.Deficit> deficit = widths.deficit(removed);
        while (deficit.isPresent()) {
            int[] best = null;
            for (int each : widths.rowClasses(deficit.get())) {
                int[] candidate = byClass.get(each);
                boolean free = candidate != null && !bundle.contains(candidate) && !used.test(candidate);
                // Of equal scores the lower index is kept.
                if (free && (best == null || score(candidate) <= score(best))) {
                    best = candidate;
                }
            }
            if (best == null) {
                return Optional.empty();
            }
            bundle.add(best);
            // The closure of the bundle may hold more classes, whose rows must have equal widths, too.
            removed = joined(List.of(removed, best));
            deficit = widths.deficit(removed);
        }
        return barrier(removed).isEmpty() ? Optional.of(bundle) : Optional.empty();
    }
}
