package io.espalier.graph.operator;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The index line of every operator that computes, by operator name.
 *
 * Immutable.
 */
final class IndexLines {

    /** Makes the line of one application; empty when the application cannot be described. */
    @FunctionalInterface
    interface Rule {

        Optional<String> line(NodeView node);
    }

    private final Map<String, Rule> rules;

    private IndexLines(Map<String, Rule> rules) {
        this.rules = rules;
    }

    Set<String> operators() {
        return rules.keySet();
    }

    /** The lines the engine knows. */
    static IndexLines standard() {
        Map<String, Rule> rules = new LinkedHashMap<>();
        ElementwiseLines.addTo(rules);
        LayerLines.addTo(rules);
        AttentionLines.addTo(rules);
        NormalisationLines.addTo(rules);
        ReductionLines.addTo(rules);
        PlacementLines.addTo(rules);
        SelectionLines.addTo(rules);
        FlowLines.addTo(rules);
        return new IndexLines(rules);
    }

    Optional<Rule> rule(String qualifiedOperator) {
        return Optional.ofNullable(rules.get(qualifiedOperator));
    }

    /** Letters for consecutive axes, such as {@code a0 a1 a2}. */
    static List<String> letters(String prefix, int count) {
        List<String> letters = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            letters.add(prefix + i);
        }
        return letters;
    }

    static String operand(String name, List<String> axes) {
        return name + "[" + String.join(" ", axes) + "]";
    }
}
