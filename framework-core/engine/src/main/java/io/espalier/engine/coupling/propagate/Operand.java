package io.espalier.engine.coupling.propagate;

import io.espalier.engine.coupling.label.AxisFactor;
import io.espalier.engine.coupling.label.Layout;
import io.espalier.graph.operator.IndexNotation.AxisTerm;
import io.espalier.graph.operator.Letter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One operand while its operator is being applied: a layout whose factors are assigned to letters. */
final class Operand {

    final String value;
    final List<AxisTerm> terms;
    final boolean isConstant;
    /** Whether this is the first operator that reads the constant, and may label it. */
    final boolean isUnlabelled;
    /** Whether the free axes of the constant are channels; those of integers are positions. */
    final boolean makesChannels;

    Layout layout;
    /** The factors of each letter, in order; a broadcast letter has none. */
    final Map<Letter, List<AxisFactor>> letters = new LinkedHashMap<>();

    /** A computed value. */
    Operand(String value, Layout layout, List<AxisTerm> terms) {
        this(value, layout, terms, false, false, false);
    }

    Operand(
            String value,
            Layout layout,
            List<AxisTerm> terms,
            boolean isConstant,
            boolean isUnlabelled,
            boolean makesChannels) {
        this.value = value;
        this.layout = layout;
        this.terms = terms;
        this.isConstant = isConstant;
        this.isUnlabelled = isUnlabelled;
        this.makesChannels = makesChannels;
    }

    boolean has(AxisFactor factor) {
        return letters.values().stream().anyMatch(factors -> factors.contains(factor));
    }

    int axisOf(AxisFactor factor) {
        for (int axis = 0; axis < layout.rank(); axis++) {
            if (layout.axes().get(axis).contains(factor)) {
                return axis;
            }
        }
        return -1;
    }

    /** The axis of the first of some factors, -1 when there are none. */
    int firstAxis(List<AxisFactor> factors) {
        return factors.isEmpty() ? -1 : axisOf(factors.get(0));
    }

    void replace(Map<AxisFactor, List<AxisFactor>> replacements) {
        if (replacements.isEmpty()) {
            return;
        }
        layout = layout.replace(replacements);
        letters.replaceAll((letter, factors) -> {
            List<AxisFactor> changed = new ArrayList<>();
            factors.forEach(factor -> changed.addAll(replacements.getOrDefault(factor, List.of(factor))));
            return changed;
        });
    }
}
