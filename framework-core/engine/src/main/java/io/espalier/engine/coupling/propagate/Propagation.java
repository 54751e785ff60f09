package io.espalier.engine.coupling.propagate;

import io.espalier.engine.coupling.label.AxisFactor;
import io.espalier.engine.coupling.label.Barrier;
import io.espalier.engine.coupling.label.LabelledGraph;
import io.espalier.engine.coupling.label.Labels;
import io.espalier.engine.coupling.label.Layout;
import io.espalier.engine.coupling.label.ParameterUse;
import io.espalier.engine.coupling.label.Repetitions;
import io.espalier.graph.flow.ControlFlowEdges;
import io.espalier.graph.flow.FlatGraph;
import io.espalier.graph.flow.Unfit;
import io.espalier.graph.operator.IndexNotation;
import io.espalier.graph.operator.MisfitException;
import io.espalier.graph.operator.Movement;
import io.espalier.graph.operator.NodeView;
import io.espalier.graph.operator.OperatorDefinition;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.BudgetException;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.operator.Trait;
import java.util.ArrayList;
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
    private final Values values;
    private final NotationRules notations;
    private final Roles roles;
    private final ReadExtents readExtents;
    private final UnknownShapes unknownShapes;

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
        this.unknownShapes = new UnknownShapes(graph, shapes);
        this.parameters = new Parameters(graph, labels);
        this.counted = new CountedIndices(graph, shapes, operators);
        this.moves = new MoveRules(graph, operators, labels, counted, repetitions);
        this.values = new Values(shapes, parameters, relations);
        this.readExtents = new ReadExtents(graph, shapes, operators, values, relations);
        this.notations =
                new NotationRules(graph, shapes, operators, labels, repetitions, parameters, counted, values, roles);
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
        graph.inputs().keySet().forEach(values::putInert);
        graph.nodes().forEach(this::visit);
        graph.outputs().forEach(this::freezeOutput);
        Extremes extremes = new Extremes(labels, parameters, roles);
        graph.nodes().stream()
                .filter(node -> notations.applied().containsKey(node.id()))
                .forEach(node -> extremes.settle(node, notations.applied().get(node.id())));
        labels.joinEqualRows();
        Map<ParameterUse, Layout> constants = parameters.layouts();
        return new LabelledGraph(
                constants,
                values.layouts(),
                notations.applied(),
                notations.statistics(),
                roles.labelledAxes(constants),
                repetitions);
    }

    private void freezeOutput(String output) {
        values.of(output)
                .ifPresent(layout -> relations.freeze(
                        layout, new Barrier("output", output, output, -1, "it is an output of the model")));
    }

    private void visit(Node node) {
        try {
            follow(node);
        } catch (MisfitException e) {
            // Shape inference lets a node pass that reads values of unknown shape.
            follow(Unfit.of(node, e.getMessage()));
        } catch (BudgetException e) {
            throw e.at(node.qualifiedOperator(), node.id());
        }
    }

    private void follow(Node node) {
        NodeView view = new NodeView(node, shapes);
        values.markConstant(node);
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
            notations.apply(view, notation.get()).ifPresent(outputs -> store(node, outputs));
        } else if (returnsDifferentRanks(view)) {
            values.block(node, "its branches return values of different rank");
        } else if (operators.of(node).filter(OperatorDefinition::hasNotation).isPresent()) {
            if (known) {
                values.block(node, "this form of the operator cannot be described by an index line");
            } else {
                values.block(node, unknownShapes.barrier(node));
            }
        } else {
            values.block(node, node.bodies().isEmpty() ? unknown(node) : "its bodies are not followed");
        }
    }

    private void move(NodeView view, MoveRules.Rule rule) {
        Node node = view.node();
        keepWhole(node, rule.movedInputs());
        readExtents.settle(node);
        Optional<List<Layout>> inputs = counted.readsElements(node) ? inputLayouts(node) : Optional.of(List.of());
        Optional<List<Layout>> moved = inputs.flatMap(each -> rule.move().apply(view, each));
        if (moved.isEmpty()) {
            values.block(node, "its operands are not known before the model runs");
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
            values.keepWhole(node, node.inputs().get(slot));
        }
    }

    /** Counted positions are kept whole once an operator reads the numbers. */
    private void settleCounted(Node node) {
        for (int slot = 0; slot < node.inputs().size(); slot++) {
            String value = node.inputs().get(slot);
            if (counted.contains(value)
                    && !counted.carries(node, slot)
                    && values.layouts().containsKey(value)) {
                values.keepWhole(node, value);
                values.putInert(value);
            }
        }
    }

    /** The reason, with that of an adapter which could not express the operator. */
    private static String unknown(Node node) {
        String reason = node.domain().isEmpty() ? "" : node.textAttribute("reason", "");
        return "the operator is not known" + (reason.isEmpty() ? "" : ": " + reason);
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
            Optional<Layout> layout = input.isEmpty() ? Optional.of(Layout.inert(List.of())) : values.of(input);
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
                values.put(output, outputLayouts.of(node, slot, sized(node, slot, outputs.get(slot))));
            }
        }
    }

    /** Operands may give an axis in several forms that agree only when the model runs; its shape is the one that counts. */
    private Layout sized(Node node, int slot, Layout layout) {
        List<Dim> shape = shapes.shape(node.outputs().get(slot)).orElse(List.of());
        Layout sized = layout;
        for (int axis = 0; axis < layout.rank() && shape.size() == layout.rank(); axis++) {
            Dim extent = shape.get(axis);
            if (layout.extent(axis).equals(extent)) {
                continue;
            }
            boolean tracked = layout.isTracked(axis);
            if (tracked && layout.extent(axis).isConstant() && extent.isConstant()) {
                Barrier reason =
                        Barrier.at(node, node.outputs().get(slot), axis, "its labels do not fill its extent " + extent);
                sized = relations.collapse(sized, layout.axes().get(axis), reason);
                tracked = false;
            }
            sized = tracked ? sized : sized.withAxis(axis, AxisFactor.axis(extent));
        }
        return sized;
    }
}
