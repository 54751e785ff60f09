package io.espalier.engine.coupling.propagate;

import io.espalier.engine.coupling.label.Labels;
import io.espalier.engine.coupling.label.Layout;
import io.espalier.engine.coupling.label.Repetitions;
import io.espalier.graph.operator.Movement;
import io.espalier.graph.operator.NodeView;
import io.espalier.graph.operator.OperatorDefinition;
import io.espalier.graph.operator.Operators;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.operator.Trait;
import java.util.List;
import java.util.Optional;

/** The rules of operators that only move elements, by their movement. */
final class MoveRules {

    private final Operators operators;
    private final AxisRules axes;
    private final JoinRules joins;
    private final PickRules picks;

    /** Moves labels from operands to outputs. */
    interface Move {

        /** Layouts of the outputs, or empty when an operand that matters is not known before the model runs. */
        Optional<List<Layout>> apply(NodeView view, List<Layout> inputs);
    }

    /**
     * The rule of one node.
     *
     * @param movedInputs how many of the first inputs are moved; the others say where to
     * @param move moves their labels
     */
    record Rule(int movedInputs, Move move) {}

    MoveRules(Graph graph, Operators operators, Labels labels, CountedIndices counted, Repetitions repetitions) {
        this.operators = operators;
        this.axes = new AxisRules(labels, counted, repetitions);
        this.joins = new JoinRules(labels);
        this.picks = new PickRules(graph, labels, counted, repetitions);
    }

    /** The rule of a node; empty when the node does more than move elements. */
    Optional<Rule> of(Node node) {
        return operators.of(node).flatMap(OperatorDefinition::movement).flatMap(movement -> rule(node, movement));
    }

    private Optional<Rule> rule(Node node, Movement movement) {
        return switch (movement) {
            case RESHAPE, FLATTEN, SQUEEZE, UNSQUEEZE -> Optional.of(new Rule(1, axes::regroup));
            case TRANSPOSE -> Optional.of(new Rule(1, axes::transpose));
            case EXPAND -> Optional.of(new Rule(1, axes::expand));
            case TILE -> Optional.of(new Rule(1, axes::tile));
            case FILL -> Optional.of(new Rule(0, axes::fill));
            case RANGE -> Optional.of(new Rule(0, axes::range));
            case GENERATE -> Optional.of(new Rule(operators.is(node, Trait.READS_EXTENTS) ? 1 : 0, axes::generate));
            case CONCAT -> Optional.of(new Rule(node.inputs().size(), joins::concat));
            case SPLIT -> Optional.of(new Rule(1, joins::split));
            case SLICE -> Optional.of(new Rule(1, picks::slice));
            case PAD -> Optional.of(new Rule(1, picks::pad));
            case GATHER -> Optional.of(new Rule(2, picks::gather));
            case GATHER_POSITIONS ->
                picks.gathersPositions(node) ? Optional.of(new Rule(2, picks::gatherPositions)) : Optional.empty();
            case WRITE_POSITIONS ->
                picks.writesPositions(node) ? Optional.of(new Rule(3, picks::writePositions)) : Optional.empty();
            case RESIZE, UNPOOL -> Optional.empty();
        };
    }
}
