package io.espalier.graph.shape;

import io.espalier.graph.shape.Dim.Addend;
import java.util.ArrayList;
import java.util.List;

/**
 * Brings minima and maxima into canonical form: operands that can never win are dropped, what all operands add is
 * taken out, and clamping from below is written as clamping from above ({@code max(h-3, 0) = h - min(h, 3)}), so that
 * the two halves of a cut axis add up to the whole again.
 */
final class Extremes {

    private Extremes() {}

    static Dim of(boolean largest, Dim a, Dim b) {
        List<Dim> operands = new ArrayList<>();
        flatten(largest, a, operands);
        flatten(largest, b, operands);
        List<Dim> kept = new ArrayList<>();
        for (Dim operand : operands) {
            if (kept.stream().noneMatch(other -> wins(largest, other, operand))) {
                kept.removeIf(other -> wins(largest, operand, other));
                kept.add(operand);
            }
        }
        if (kept.size() == 1) {
            return kept.get(0);
        }
        if (largest && kept.size() == 2 && kept.stream().anyMatch(Dim::isConstant)) {
            return kept.get(0).plus(kept.get(1)).minus(canonical(false, kept));
        }
        return canonical(largest, kept);
    }

    private static Dim canonical(boolean largest, List<Dim> operands) {
        List<Dim> sorted = new ArrayList<>(operands);
        sorted.sort(Dim::compare);
        long offset = sorted.stream()
                .filter(operand -> !operand.isConstant())
                .mapToLong(Extremes::offset)
                .findFirst()
                .orElse(0);
        List<Dim> shifted = sorted.stream()
                .map(operand -> operand.plus(Math.negateExact(offset)))
                .sorted(Dim::compare)
                .toList();
        return Dim.of(new Term.Extreme(largest, shifted)).plus(offset);
    }

    private static long offset(Dim dim) {
        Addend last = dim.addends().get(dim.addends().size() - 1);
        return last.monomial().terms().isEmpty() ? last.coefficient() : 0;
    }

    private static void flatten(boolean largest, Dim dim, List<Dim> operands) {
        if (dim.isTerm()
                && dim.addends().get(0).monomial().terms().get(0) instanceof Term.Extreme extreme
                && extreme.largest() == largest) {
            operands.addAll(extreme.operands());
        } else {
            operands.add(dim);
        }
    }

    private static boolean wins(boolean largest, Dim winner, Dim loser) {
        Dim lead = largest ? winner.minus(loser) : loser.minus(winner);
        return lead.bounds().lower() >= 0;
    }
}
