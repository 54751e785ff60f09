package io.espalier.graph.shape;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Rules by operator. */
public final class RuleTable {

    /** Demands that the shape of every input that is present be known. */
    static final int ALL = ShapeRule.ALL;

    private static final RuleTable STANDARD = standard();

    private final Map<String, ShapeRule> entries;

    private RuleTable(Map<String, ShapeRule> entries) {
        this.entries = entries;
    }

    /** The rules for the operators the engine knows. */
    public static RuleTable known() {
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

    /** Adds a rule for several operators. */
    void add(int needed, ShapeRule.Rule rule, String... operators) {
        for (String operator : operators) {
            entries.put(operator, new ShapeRule(needed, rule));
        }
    }

    /** Names of all operators with a rule, sorted. */
    public Set<String> operators() {
        return new TreeSet<>(entries.keySet());
    }

    public Optional<ShapeRule> find(String qualifiedOperator) {
        return Optional.ofNullable(entries.get(qualifiedOperator));
    }
}
