package io.espalier.engine.coupling.label;

import io.espalier.graph.symbol.Dim;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Regroups lists of factors: to divide axes as Reshape does, and to align two operands. */
public final class Factoring {

    private Factoring() {}

    /**
     * Factors grouped by target sizes.
     *
     * @param replacements factors that had to be cut, with their parts
     * @param groups the (finer) factors that multiply to each target
     */
    public record Match(Map<AxisFactor, List<AxisFactor>> replacements, List<List<AxisFactor>> groups) {}

    /**
     * Groups a list of factors so that the products equal the target sizes.
     *
     * @return empty when a boundary falls where a factor cannot be cut
     */
    public static Optional<Match> match(List<AxisFactor> factors, List<Dim> targets) {
        Map<AxisFactor, List<AxisFactor>> replacements = new LinkedHashMap<>();
        List<List<AxisFactor>> groups = new ArrayList<>();
        Queue queue = new Queue(factors, replacements);
        for (Dim target : targets) {
            List<AxisFactor> group = new ArrayList<>();
            Dim rest = target;
            while (!rest.is(1)) {
                AxisFactor part = queue.take(rest);
                if (part == null) {
                    return Optional.empty();
                }
                group.add(part);
                // An extent of nothing divides nothing, not even itself.
                rest = rest.equals(part.size())
                        ? Dim.of(1)
                        : rest.divideExactly(part.size()).orElseThrow();
            }
            groups.add(group);
        }
        if (!queue.isEmpty()) {
            return Optional.empty();
        }
        learn(replacements);
        return Optional.of(new Match(replacements, groups));
    }

    /**
     * Factors grouped by the outermost and innermost target sizes that can be matched.
     *
     * @param replacements factors that had to be cut, with their parts
     * @param groups the factors of each target; null for a target that could not be matched
     * @param unmatched factors in between
     */
    public record Ends(
            Map<AxisFactor, List<AxisFactor>> replacements,
            List<List<AxisFactor>> groups,
            List<AxisFactor> unmatched) {}

    /** Groups as many targets as possible from the outside and from the inside. */
    public static Ends matchEnds(List<AxisFactor> factors, List<Dim> targets) {
        Map<AxisFactor, List<AxisFactor>> replacements = new LinkedHashMap<>();
        List<List<AxisFactor>> groups = new ArrayList<>(Collections.nCopies(targets.size(), null));
        List<AxisFactor> rest = new ArrayList<>(factors);
        int front = 0;
        while (front < targets.size()) {
            int taken = wholeFactors(rest, targets.get(front));
            if (taken < 0) {
                break;
            }
            groups.set(front++, List.copyOf(rest.subList(0, taken)));
            rest = new ArrayList<>(rest.subList(taken, rest.size()));
        }
        for (int back = targets.size() - 1; back > front; back--) {
            List<AxisFactor> reversed = new ArrayList<>(rest);
            Collections.reverse(reversed);
            int taken = wholeFactors(reversed, targets.get(back));
            if (taken >= 0) {
                groups.set(back, List.copyOf(rest.subList(rest.size() - taken, rest.size())));
                rest = new ArrayList<>(rest.subList(0, rest.size() - taken));
                continue;
            }
            if (!cutInnermost(rest, targets.get(back), groups, back, replacements)) {
                break;
            }
        }
        learn(replacements);
        return new Ends(replacements, groups, rest);
    }

    private static boolean cutInnermost(
            List<AxisFactor> rest,
            Dim target,
            List<List<AxisFactor>> groups,
            int group,
            Map<AxisFactor, List<AxisFactor>> cuts) {
        if (rest.isEmpty()) {
            return false;
        }
        AxisFactor last = rest.get(rest.size() - 1);
        Optional<Dim> outerSize = last.size().divideExactly(target);
        if (outerSize.isEmpty()) {
            return false;
        }
        AxisFactor outer = last.part(outerSize.get());
        AxisFactor inner = last.part(target);
        List<AxisFactor> parts = cuts.values().stream()
                .filter(list -> list.get(0) == last)
                .findFirst()
                .orElseGet(() -> cuts.computeIfAbsent(last, key -> new ArrayList<>(List.of(key))));
        parts.set(0, inner);
        parts.add(0, outer);
        rest.set(rest.size() - 1, outer);
        groups.set(group, List.of(inner));
        return true;
    }

    /** How many leading factors multiply to the target exactly; -1 when none do. */
    private static int wholeFactors(List<AxisFactor> factors, Dim target) {
        Dim rest = target;
        int taken = 0;
        while (!rest.is(1)) {
            Optional<Dim> quotient = taken < factors.size()
                    ? rest.divideExactly(factors.get(taken).size())
                    : Optional.empty();
            if (quotient.isEmpty()) {
                return -1;
            }
            rest = quotient.get();
            taken++;
        }
        return taken;
    }

    /**
     * Aligns two lists of factors that describe the same index.
     *
     * @return the cuts of either side, and the common parts as pairs; empty when they do not align
     */
    public static Optional<Alignment> align(List<AxisFactor> left, List<AxisFactor> right) {
        Map<AxisFactor, List<AxisFactor>> leftCuts = new LinkedHashMap<>();
        Map<AxisFactor, List<AxisFactor>> rightCuts = new LinkedHashMap<>();
        Queue leftQueue = new Queue(left, leftCuts);
        Queue rightQueue = new Queue(right, rightCuts);
        List<AxisFactor> leftParts = new ArrayList<>();
        List<AxisFactor> rightParts = new ArrayList<>();
        while (!leftQueue.isEmpty() && !rightQueue.isEmpty()) {
            Dim leftSize = leftQueue.peek().size();
            Dim rightSize = rightQueue.peek().size();
            Dim common = common(leftSize, rightSize);
            if (common == null) {
                if (leftQueue.isLast() && rightQueue.isLast()) {
                    // Different names for one extent: the operator itself demands that they agree.
                    leftParts.add(leftQueue.take(leftSize));
                    rightParts.add(rightQueue.take(rightSize));
                    continue;
                }
                return Optional.empty();
            }
            leftParts.add(leftQueue.take(common));
            rightParts.add(rightQueue.take(common));
        }
        if (!leftQueue.isEmpty() || !rightQueue.isEmpty()) {
            return Optional.empty();
        }
        learn(leftCuts);
        learn(rightCuts);
        return Optional.of(new Alignment(leftCuts, rightCuts, leftParts, rightParts));
    }

    /** Writes down how axes that only repeat were divided. */
    private static void learn(Map<AxisFactor, List<AxisFactor>> cuts) {
        cuts.forEach((factor, parts) -> factor.repetition()
                .ifPresent(whole -> whole.divide(parts.stream()
                        .map(part -> part.repetition().orElseThrow())
                        .toList())));
    }

    /** Two aligned lists of factors; the parts correspond one to one. */
    public record Alignment(
            Map<AxisFactor, List<AxisFactor>> leftCuts,
            Map<AxisFactor, List<AxisFactor>> rightCuts,
            List<AxisFactor> left,
            List<AxisFactor> right) {}

    private static Dim common(Dim left, Dim right) {
        if (left.equals(right)) {
            return left;
        }
        if (left.isConstant() && right.isConstant()) {
            long divisor = BigInteger.valueOf(left.constant())
                    .gcd(BigInteger.valueOf(right.constant()))
                    .longValueExact();
            boolean nested = divisor == left.constant() || divisor == right.constant();
            return nested && divisor > 1 ? Dim.of(divisor) : null;
        }
        if (left.divideExactly(right).isPresent()) {
            return right;
        }
        return right.divideExactly(left).isPresent() ? left : null;
    }

    /** Takes factors from the front, cutting where needed. */
    private static final class Queue {

        private final List<AxisFactor> rest;
        private final Map<AxisFactor, List<AxisFactor>> replacements;
        private AxisFactor original;

        Queue(List<AxisFactor> factors, Map<AxisFactor, List<AxisFactor>> replacements) {
            this.rest = new ArrayList<>(factors);
            this.replacements = replacements;
        }

        boolean isEmpty() {
            return rest.isEmpty();
        }

        boolean isLast() {
            return rest.size() == 1;
        }

        AxisFactor peek() {
            return rest.get(0);
        }

        /** The whole first factor if it divides the wish, else as much of it as the wish needs; null when neither. */
        AxisFactor take(Dim wish) {
            if (rest.isEmpty()) {
                return null;
            }
            AxisFactor first = rest.get(0);
            if (first.size().equals(wish) || wish.divideExactly(first.size()).isPresent()) {
                rest.remove(0);
                replacements.computeIfPresent(originalOf(first), (key, parts) -> {
                    parts.add(first);
                    return parts;
                });
                original = null;
                return first;
            }
            Optional<Dim> remainder = first.size().divideExactly(wish);
            if (remainder.isEmpty()) {
                return null;
            }
            AxisFactor part = first.part(wish);
            AxisFactor owner = originalOf(first);
            replacements.computeIfAbsent(owner, key -> new ArrayList<>()).add(part);
            rest.set(0, first.part(remainder.get()));
            original = owner;
            return part;
        }

        private AxisFactor originalOf(AxisFactor factor) {
            return original == null ? factor : original;
        }
    }
}
