package io.espalier.graph.symbol;

import io.espalier.graph.symbol.Polynomial.Addend;
import java.util.ArrayList;
import java.util.List;

/**
 * Brings minima and maxima into canonical form: operands that can never win are dropped, what all operands add is
 * taken out, and clamping from below is written as clamping from above ({@code max(h-3, 0) = h - min(h, 3)}), so that
 * the two halves of a cut axis add up to the whole again.
 */
final class Extremes {

    private Extremes() {}

    static Polynomial of(boolean largest, Polynomial a, Polynomial b) {
        List<Polynomial> operands = new ArrayList<>();
        flatten(largest, a, operands);
        flatten(largest, b, operands);
        List<Polynomial> kept = new ArrayList<>();
        for (Polynomial operand : operands) {
            if (kept.stream().noneMatch(other -> wins(largest, other, operand))) {
                kept.removeIf(other -> wins(largest, operand, other));
                kept.add(operand);
            }
        }
        if (kept.size() == 1) {
            return kept.get(0);
        }
        if (largest && kept.size() == 2 && kept.stream().anyMatch(Polynomial::isConstant)) {
            return kept.get(0).plus(kept.get(1)).minus(canonical(false, kept));
        }
        return canonical(largest, kept);
    }

    private static Polynomial canonical(boolean largest, List<Polynomial> operands) {
        List<Polynomial> sorted = new ArrayList<>(operands);
        sorted.sort(Polynomial::compare);
        long offset = sorted.stream()
                .filter(operand -> !operand.isConstant())
                .mapToLong(Extremes::offset)
                .findFirst()
                .orElse(0);
        List<Polynomial> shifted = sorted.stream()
                .map(operand -> operand.plus(Math.negateExact(offset)))
                .sorted(Polynomial::compare)
                .toList();
        return Polynomial.of(new Extreme(largest, shifted, bounds(largest, shifted)))
                .plus(offset);
    }

    private static Bounds bounds(boolean largest, List<Polynomial> operands) {
        return operands.stream()
                .map(Bounding::of)
                .reduce((a, b) -> largest ? a.max(b) : a.min(b))
                .orElseThrow();
    }

    private static long offset(Polynomial dim) {
        Addend last = dim.addends().get(dim.addends().size() - 1);
        return last.monomial().terms().isEmpty() ? last.coefficient() : 0;
    }

    private static void flatten(boolean largest, Polynomial dim, List<Polynomial> operands) {
        if (dim.isTerm()
                && dim.addends().get(0).monomial().terms().get(0) instanceof Extreme extreme
                && extreme.largest() == largest) {
            operands.addAll(extreme.operands());
        } else {
            operands.add(dim);
        }
    }

    private static boolean wins(boolean largest, Polynomial winner, Polynomial loser) {
        Polynomial lead = largest ? winner.minus(loser) : loser.minus(winner);
        return Bounding.of(lead).lower() >= 0;
    }
}
