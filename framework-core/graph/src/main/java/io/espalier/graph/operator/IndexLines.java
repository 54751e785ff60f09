package io.espalier.graph.operator;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Node;
import io.espalier.spi.operator.OperatorSemantics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The index line of every operator that computes, by operator name.
 *
 * <p>Operators that only move elements have no line; {@link io.espalier.engine.coupling} does to labels what they do to
 * elements. Immutable.
 */
public final class IndexLines {

    /** Makes the line of one application; empty when the application cannot be described. */
    @FunctionalInterface
    public interface Rule {

        Optional<String> line(NodeView node);
    }

    private final Map<String, Rule> rules;

    private IndexLines(Map<String, Rule> rules) {
        this.rules = rules;
    }

    /** The lines the engine knows. */
    public static IndexLines standard() {
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

    /**
     * These lines with those that plug-ins teach.
     *
     * @throws InvalidInputException when an operator is taught twice
     */
    public IndexLines with(List<OperatorSemantics> taught) {
        Map<String, Rule> merged = new LinkedHashMap<>(rules);
        for (OperatorSemantics semantics : taught) {
            for (String operator : semantics.operators()) {
                if (merged.putIfAbsent(operator, view -> semantics.indexLine(view.node(), view.ranks())) != null) {
                    throw new InvalidInputException("operator '" + operator + "' is taught by '" + semantics.name()
                            + "' but is known already; remove one of the two");
                }
            }
        }
        return new IndexLines(merged);
    }

    /** Names of all operators that have a line, in alphabetical order. */
    public Set<String> operators() {
        return new TreeSet<>(rules.keySet());
    }

    /**
     * The parsed line of one application.
     *
     * @return empty when the operator is unknown or the application cannot be described
     */
    public Optional<IndexNotation> line(NodeView view) {
        Rule rule = rules.get(view.node().qualifiedOperator());
        return rule == null
                ? Optional.empty()
                : rule.line(view)
                        .map(text -> IndexNotation.parse(text, view.ranks(), integers(view.node())))
                        .map(line -> line.withOutputs(view.node().outputs().size()));
    }

    static Map<String, Long> integers(Node node) {
        Map<String, Long> values = new LinkedHashMap<>();
        values.put("group", 1L);
        node.attributes().forEach((name, value) -> {
            if (value instanceof Attribute.Int number) {
                values.put(name, number.value());
            }
        });
        return values;
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
