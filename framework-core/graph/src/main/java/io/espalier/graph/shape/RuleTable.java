package io.espalier.graph.shape;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Rules by operator. */
final class RuleTable {

    /** Demands that the shape of every input that is present be known. */
    static final int ALL = Integer.MAX_VALUE;

    private static final RuleTable STANDARD = standard();

    /**
     * A rule with what it needs.
     *
     * @param rule the rule
     * @param needed number of leading inputs whose shape must be known before the rule is asked
     */
    record Entry(Rule rule, int needed) {}

    private final Map<String, Entry> entries;

    private RuleTable(Map<String, Entry> entries) {
        this.entries = entries;
    }

    /** The rules for the operators the engine knows. */
    static RuleTable known() {
        return STANDARD;
    }

    private static RuleTable standard() {
        RuleTable table = new RuleTable(new HashMap<>());
        ElementwiseRules.register(table);
        ConvolutionRules.register(table);
        PoolingRules.register(table);
        MatrixRules.register(table);
        ReductionRules.register(table);
        NormalizationRules.register(table);
        ReshapingRules.register(table);
        JoiningRules.register(table);
        GatherRules.register(table);
        ScatterRules.register(table);
        GeneratorRules.register(table);
        SelectionRules.register(table);
        VisionRules.register(table);
        RecurrentRules.register(table);
        AttentionRules.register(table);
        QuantizationRules.register(table);
        ControlFlowRules.register(table);
        SignalRules.register(table);
        return table;
    }

    RuleTable copy() {
        return new RuleTable(new HashMap<>(entries));
    }

    /** Adds a rule for several operators. */
    void add(int needed, Rule rule, String... operators) {
        for (String operator : operators) {
            entries.put(operator, new Entry(rule, needed));
        }
    }

    /** Names of all operators with a rule, sorted. */
    Set<String> operators() {
        return new TreeSet<>(entries.keySet());
    }

    Optional<Entry> find(String qualifiedOperator) {
        return Optional.ofNullable(entries.get(qualifiedOperator));
    }
}
