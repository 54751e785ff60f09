package io.espalier.engine.coupling.propagate;

import io.espalier.engine.coupling.label.AppliedNotation;
import io.espalier.engine.coupling.label.AppliedNotation.AppliedOperand;
import io.espalier.engine.coupling.label.AxisFactor;
import io.espalier.engine.coupling.label.Barrier;
import io.espalier.engine.coupling.label.LabelledGraph;
import io.espalier.engine.coupling.label.Labels;
import io.espalier.engine.coupling.label.Layout;
import io.espalier.engine.coupling.label.ParameterUse;
import io.espalier.engine.coupling.label.Repetitions;
import io.espalier.engine.coupling.label.StatisticCoupling;
import io.espalier.graph.flow.ControlFlowEdges;
import io.espalier.graph.flow.FlatGraph;
import io.espalier.graph.operator.IndexNotation;
import io.espalier.graph.operator.IndexNotation.AxisTerm;
import io.espalier.graph.operator.Letter;
import io.espalier.graph.operator.Movement;
import io.espalier.graph.operator.NodeView;
import io.espalier.graph.operator.OperatorDefinition;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Dim;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.operator.Trait;
import io.espalier.spi.tensor.DataType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Walks a graph from inputs to outputs and moves, joins and freezes labels as its operators demand. */
public final class Propagation {

    private final Graph graph;
    private final Shapes shapes;
    private final Operators operators;
    private final Labels labels;
    private final Relations relations;
    private final Repetitions repetitions;
    private final Parameters parameters;
    private final MoveRules moves;
    private final CountedIndices counted;
    private final Map<String, Layout> layouts = new LinkedHashMap<>();
    private final Map<String, AppliedNotation> applied = new LinkedHashMap<>();
    private final List<StatisticCoupling> statistics = new ArrayList<>();
    private final Roles roles;
    private final Set<String> constantDerived = new LinkedHashSet<>();

    private final OutputLayouts outputLayouts;

    /**
     * A walk over a graph.
     *
     * @param graph the graph with its bodies laid flat
     * @param labels where labels are made and related
     * @param repetitions how repeated axes are divided, as far as known
     */
    public Propagation(
            Graph graph,
            Shapes shapes,
            Operators operators,
            Labels labels,
            Repetitions repetitions,
            OutputLayouts outputLayouts) {
        this.outputLayouts = outputLayouts;
        this.labels = labels;
        this.relations = new Relations(labels);
        this.graph = graph;
        this.shapes = shapes;
        this.operators = operators;
        this.repetitions = repetitions;
        this.roles = new Roles(operators);
        this.parameters = new Parameters(graph, labels);
        this.counted = new CountedIndices(graph, shapes, operators);
        this.moves = new MoveRules(graph, operators, labels, counted, repetitions);
    }

    /** The operators of a graph and its bodies that are not known: each is a barrier. In alphabetical order. */
    public static Set<String> unknownOperators(Graph graph, Shapes shapes, Operators operators) {
        Set<String> unknown = new TreeSet<>();
        for (Node node : FlatGraph.of(graph, shapes).nodes()) {
            if (operators.of(node).filter(OperatorDefinition::isDescribed).isEmpty()) {
                unknown.add(node.qualifiedOperator());
            }
        }
        return unknown;
    }

    /** Walks the graph, once. */
    public LabelledGraph run() {
        graph.inputs()
                .keySet()
                .forEach(input -> shapes.shape(input).ifPresent(shape -> layouts.put(input, Layout.inert(shape))));
        graph.nodes().forEach(this::visit);
        graph.outputs().forEach(this::freezeOutput);
        Extremes extremes = new Extremes(labels, parameters, roles);
        graph.nodes().stream()
                .filter(node -> applied.containsKey(node.id()))
                .forEach(node -> extremes.freezeDecisions(node, applied.get(node.id())));
        labels.joinEqualRows();
        Map<ParameterUse, Layout> constants = parameters.layouts();
        return new LabelledGraph(constants, layouts, applied, statistics, roles.labelledAxes(constants), repetitions);
    }

    private void freezeOutput(String output) {
        layout(output)
                .ifPresent(layout -> relations.freeze(
                        layout, new Barrier("output", output, output, -1, "it is an output of the model")));
    }

    private Optional<Layout> layout(String value) {
        return parameters.contains(value)
                ? Optional.of(parameters.axisByAxis(value))
                : Optional.ofNullable(layouts.get(value));
    }

    private void visit(Node node) {
        NodeView view = new NodeView(node, shapes);
        // A state that starts as a constant does not remain one.
        if (!ControlFlowEdges.isLink(node) && node.inputs().stream().allMatch(this::isConstant)) {
            constantDerived.addAll(node.outputs());
        }
        settleCounted(node);
        Optional<MoveRules.Rule> rule = moves.of(node);
        if (rule.isPresent()) {
            move(view, rule.get());
            return;
        }
        boolean known = operandsAreKnown(view);
        Optional<IndexNotation> notation =
                known ? operators.of(node).flatMap(definition -> definition.notation(view)) : Optional.empty();
        if (notation.isPresent()) {
            apply(view, notation.get());
        } else if (returnsDifferentRanks(view)) {
            block(node, "its branches return values of different rank");
        } else if (operators.of(node).filter(OperatorDefinition::hasNotation).isPresent()) {
            block(
                    node,
                    known
                            ? "this form of the operator cannot be described by an index line"
                            : "the shapes of its operands are not known");
        } else {
            block(node, node.bodies().isEmpty() ? unknown(node) : "its bodies are not followed");
        }
    }

    private void move(NodeView view, MoveRules.Rule rule) {
        Node node = view.node();
        keepWhole(node, rule.movedInputs());
        Optional<List<Layout>> inputs = counted.readsElements(node) ? inputLayouts(node) : Optional.of(List.of());
        Optional<List<Layout>> moved = inputs.flatMap(each -> rule.move().apply(view, each));
        if (moved.isEmpty()) {
            block(node, "its operands are not known before the model runs");
            return;
        }
        if (operators.moves(node, Movement.GATHER)
                && parameters.contains(node.inputs().get(0))) {
            roles.learnTable(parameters.axisByAxis(node.inputs().get(0)));
        }
        store(node, moved.get());
    }

    private boolean returnsDifferentRanks(NodeView view) {
        int ranks = view.node().inputs().size();
        return ControlFlowEdges.decidesCourse(view.node(), 0)
                && operators.is(view.node(), Trait.BRANCHES)
                && ranks == 3
                && view.rank(1) >= 0
                && view.rank(2) >= 0
                && view.rank(1) != view.rank(2);
    }

    /** Extents and positions that an operator reads as a whole: their elements are about the axes of another operand. */
    private void keepWhole(Node node, int from) {
        for (int slot = from; slot < node.inputs().size(); slot++) {
            keepWhole(node, node.inputs().get(slot));
        }
    }

    /** Counted positions are kept whole once an operator reads the numbers. */
    private void settleCounted(Node node) {
        for (int slot = 0; slot < node.inputs().size(); slot++) {
            String value = node.inputs().get(slot);
            if (counted.contains(value) && !counted.carries(node, slot) && layouts.containsKey(value)) {
                keepWhole(node, value);
                shapes.shape(value).ifPresent(shape -> layouts.put(value, Layout.inert(shape)));
            }
        }
    }

    private void keepWhole(Node node, String value) {
        Layout layout = layouts.get(value);
        if (layout != null) {
            relations.freeze(layout, Barrier.at(node, value, -1, "the operator reads it whole"));
        }
    }

    /** The reason, with that of an adapter which could not express the operator. */
    private static String unknown(Node node) {
        String reason = node.domain().isEmpty() ? "" : node.textAttribute("reason", "");
        return "the operator is not known" + (reason.isEmpty() ? "" : ": " + reason);
    }

    private boolean isConstant(String value) {
        return value.isEmpty() || parameters.contains(value) || constantDerived.contains(value);
    }

    private boolean operandsAreKnown(NodeView view) {
        List<String> inputs = view.node().inputs();
        for (int slot = 0; slot < inputs.size(); slot++) {
            if (!inputs.get(slot).isEmpty() && view.rank(slot) < 0) {
                return false;
            }
        }
        return view.outputShape(0).isPresent() || view.node().output(0).isEmpty();
    }

    private Optional<List<Layout>> inputLayouts(Node node) {
        List<Layout> inputs = new ArrayList<>();
        for (String input : node.inputs()) {
            Optional<Layout> layout = input.isEmpty() ? Optional.of(Layout.inert(List.of())) : layout(input);
            if (layout.isEmpty()) {
                return Optional.empty();
            }
            inputs.add(layout.get());
        }
        return Optional.of(inputs);
    }

    private void store(Node node, List<Layout> outputs) {
        for (int slot = 0; slot < node.outputs().size() && slot < outputs.size(); slot++) {
            if (!node.outputs().get(slot).isEmpty()) {
                String output = node.outputs().get(slot);
                layouts.put(output, outputLayouts.of(node, slot, sized(output, outputs.get(slot))));
            }
        }
    }

    /** Operands may give an axis in several forms that agree only when the model runs; its shape is the one that counts. */
    private Layout sized(String value, Layout layout) {
        List<Dim> shape = shapes.shape(value).orElse(List.of());
        Layout sized = layout;
        for (int axis = 0; axis < layout.rank() && shape.size() == layout.rank(); axis++) {
            if (!layout.isTracked(axis) && !layout.extent(axis).equals(shape.get(axis))) {
                sized = sized.withAxis(axis, AxisFactor.axis(shape.get(axis)));
            }
        }
        return sized;
    }

    /** Nothing may be removed through this node: its operands are kept whole, its outputs are inert. */
    private void block(Node node, String reason) {
        for (String value : node.reads()) {
            layout(value).ifPresent(layout -> relations.freeze(layout, Barrier.at(node, value, -1, reason)));
        }
        for (String output : node.outputs()) {
            if (!output.isEmpty()) {
                shapes.shape(output).ifPresent(shape -> layouts.put(output, Layout.inert(shape)));
            }
        }
    }

    /** Integers of 32 and 64 bits are positions, unless they are scaled: the biases of a quantised layer. */
    private boolean standsForNumbers(Node node, String constant) {
        return operators.is(node, Trait.DEQUANTISES)
                || ParameterUse.carriesWeights(graph.constants().get(constant));
    }

    private void apply(NodeView view, IndexNotation notation) {
        Node node = view.node();
        List<Operand> operands = new ArrayList<>();
        List<ParameterUse> uses = new ArrayList<>();
        List<Integer> slots = new ArrayList<>();
        for (int slot = 0; slot < notation.inputs().size(); slot++) {
            Optional<List<AxisTerm>> terms = notation.inputs().get(slot);
            String value = node.inputs().get(slot);
            if (terms.isEmpty()) {
                keepWhole(node, value);
                parameters.readWhole(value, node, slot);
                continue;
            }
            boolean isNumbers = counted.isNumbers(node, slot);
            boolean isConstant = parameters.contains(value) && !isNumbers;
            ParameterUse use = isConstant ? parameters.use(value, node, slot, isOneForAll(node, slot, notation)) : null;
            Layout layout = isNumbers
                    ? new AxisMoves(labels, repetitions).filled("", shapes.require(value))
                    : isConstant ? parameters.layout(use) : layouts.get(value);
            if (layout == null || layout.rank() != terms.get().size()) {
                block(node, "the shape of '" + value + "' is not known");
                return;
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
        store(node, outputs(view, notation, application));
        AppliedNotation appliedNotation = applied(notation, operands, slots, uses);
        applied.put(node.id(), appliedNotation);
        roles.learn(view, appliedNotation, constantDerived);
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
                    operand.isConstant || constantDerived.contains(operand.value),
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

    /** Whether all readers of a constant must continue to read one tensor. */
    private static boolean isOneForAll(Node node, int slot, IndexNotation notation) {
        return !ControlFlowEdges.isReplaceable(node, slot)
                || isWeight(notation.inputs().get(slot).orElseThrow(), notation);
    }

    /** Whether an operand is multiplied and summed: such a constant is one weight for all its readers. */
    private static boolean isWeight(List<AxisTerm> terms, IndexNotation notation) {
        Set<String> kept = new LinkedHashSet<>();
        notation.outputs()
                .forEach(output -> output.forEach(term -> term.letters().forEach(letter -> kept.add(letter.name()))));
        return terms.stream()
                .flatMap(term -> term.letters().stream())
                .anyMatch(letter -> letter.marker() == Letter.Marker.NONE && !kept.contains(letter.name()));
    }
}
