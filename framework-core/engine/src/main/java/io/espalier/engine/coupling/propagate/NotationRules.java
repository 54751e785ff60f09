package io.espalier.engine.coupling.propagate;

import io.espalier.engine.coupling.label.AppliedNotation;
import io.espalier.engine.coupling.label.AppliedNotation.AppliedOperand;
import io.espalier.engine.coupling.label.Labels;
import io.espalier.engine.coupling.label.Layout;
import io.espalier.engine.coupling.label.ParameterUse;
import io.espalier.engine.coupling.label.Repetitions;
import io.espalier.engine.coupling.label.StatisticCoupling;
import io.espalier.graph.flow.ControlFlowEdges;
import io.espalier.graph.operator.IndexNotation;
import io.espalier.graph.operator.IndexNotation.AxisTerm;
import io.espalier.graph.operator.Letter;
import io.espalier.graph.operator.NodeView;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.operator.Trait;
import io.espalier.spi.tensor.DataType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Applies index notation to nodes, and keeps how it was applied. */
final class NotationRules {

    private final Graph graph;
    private final Shapes shapes;
    private final Operators operators;
    private final Labels labels;
    private final Repetitions repetitions;
    private final Parameters parameters;
    private final CountedIndices counted;
    private final Values values;
    private final Roles roles;
    private final Map<String, AppliedNotation> applied = new LinkedHashMap<>();
    private final List<StatisticCoupling> statistics = new ArrayList<>();

    NotationRules(
            Graph graph,
            Shapes shapes,
            Operators operators,
            Labels labels,
            Repetitions repetitions,
            Parameters parameters,
            CountedIndices counted,
            Values values,
            Roles roles) {
        this.graph = graph;
        this.shapes = shapes;
        this.operators = operators;
        this.labels = labels;
        this.repetitions = repetitions;
        this.parameters = parameters;
        this.counted = counted;
        this.values = values;
        this.roles = roles;
    }

    /** How notation was applied, by node. */
    Map<String, AppliedNotation> applied() {
        return applied;
    }

    /** Means and norms over labelled axes. */
    List<StatisticCoupling> statistics() {
        return statistics;
    }

    /**
     * Applies notation to a node.
     *
     * @return the layouts of the outputs; empty when the node is a barrier, because an operand is not known
     */
    Optional<List<Layout>> apply(NodeView view, IndexNotation notation) {
        Node node = view.node();
        List<Operand> operands = new ArrayList<>();
        List<ParameterUse> uses = new ArrayList<>();
        List<Integer> slots = new ArrayList<>();
        for (int slot = 0; slot < notation.inputs().size(); slot++) {
            Optional<List<AxisTerm>> terms = notation.inputs().get(slot);
            String value = node.inputs().get(slot);
            if (terms.isEmpty()) {
                values.keepWhole(node, value);
                parameters.readWhole(value, node, slot);
                continue;
            }
            boolean isNumbers = counted.isNumbers(node, slot);
            boolean isConstant = parameters.contains(value) && !isNumbers;
            ParameterUse use = isConstant ? parameters.use(value, node, slot, isOneForAll(node, slot, notation)) : null;
            Layout layout = isNumbers
                    ? new AxisMoves(labels, repetitions).filled("", shapes.require(value))
                    : isConstant ? parameters.layout(use) : values.layouts().get(value);
            if (layout == null || layout.rank() != terms.get().size()) {
                values.block(node, "the shape of '" + value + "' is not known");
                return Optional.empty();
            }
            boolean labels = isConstant && !parameters.isLabelled(use);
            boolean channels = isConstant && standsForNumbers(node, value);
            operands.add(new Operand(value, layout, terms.get(), isConstant, labels, channels));
            uses.add(use);
            slots.add(slot);
        }
        NotationApplication application = new NotationApplication(labels, node, notation, operands);
        application.run();
        for (int i = 0; i < operands.size(); i++) {
            if (operands.get(i).isUnlabelled) {
                parameters.store(uses.get(i), operands.get(i).layout);
            }
        }
        statistics.addAll(application.statistics());
        List<Layout> outputs = outputs(view, notation, application);
        AppliedNotation appliedNotation = applied(notation, operands, slots, uses);
        applied.put(node.id(), appliedNotation);
        roles.learn(view, appliedNotation, values.constantDerived());
        return Optional.of(outputs);
    }

    private AppliedNotation applied(
            IndexNotation notation, List<Operand> operands, List<Integer> slots, List<ParameterUse> uses) {
        List<AppliedOperand> all = new ArrayList<>();
        for (int i = 0; i < operands.size(); i++) {
            Operand operand = operands.get(i);
            all.add(new AppliedOperand(
                    slots.get(i),
                    operand.value,
                    uses.get(i),
                    operand.layout,
                    new LinkedHashMap<>(operand.letters),
                    operand.isConstant || values.constantDerived().contains(operand.value),
                    isFloating(operand.value)));
        }
        return new AppliedNotation(notation, List.copyOf(all));
    }

    private boolean isFloating(String value) {
        return shapes.type(value).map(DataType::isFloating).orElse(true);
    }

    private List<Layout> outputs(NodeView view, IndexNotation notation, NotationApplication application) {
        List<Layout> outputs = new ArrayList<>();
        for (int slot = 0; slot < notation.outputs().size(); slot++) {
            Optional<List<Dim>> shape = view.outputShape(slot);
            List<AxisTerm> terms = notation.outputs().get(slot);
            if (shape.isPresent() && shape.get().size() == terms.size()) {
                outputs.add(application.output(terms, shape.get()));
            } else {
                outputs.add(Layout.inert(List.of()));
            }
        }
        return outputs;
    }

    /** Integers of 32 and 64 bits are positions, unless they are scaled: the biases of a quantised layer. */
    private boolean standsForNumbers(Node node, String constant) {
        return operators.is(node, Trait.DEQUANTISES)
                || ParameterUse.carriesWeights(graph.constants().get(constant));
    }

    /** Whether all readers of a constant must continue to read one tensor. */
    private static boolean isOneForAll(Node node, int slot, IndexNotation notation) {
        return !ControlFlowEdges.isReplaceable(node, slot)
                || isWeight(notation.inputs().get(slot).orElseThrow(), notation);
    }

    /** Whether an operand is multiplied and summed: such a constant is one weight for all its readers. */
    private static boolean isWeight(List<AxisTerm> terms, IndexNotation notation) {
        Set<String> kept = notation.outputLetters();
        return terms.stream()
                .flatMap(term -> term.letters().stream())
                .anyMatch(letter -> letter.marker() == Letter.Marker.NONE && !kept.contains(letter.name()));
    }
}
