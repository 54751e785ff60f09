package io.espalier.graph.gradient;

import io.espalier.graph.operator.Emitter;
import io.espalier.graph.operator.Expansion;
import io.espalier.graph.operator.ExplicitPadding;
import io.espalier.graph.operator.LaidSequences;
import io.espalier.graph.operator.MisfitException;
import io.espalier.graph.operator.OperatorDefinition;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.operator.Turns;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.graph.FreshNames;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;

/**
 * The form of a graph in which it is differentiated: operators without a gradient of their own are taken apart as far as that
 * is known, real numbers are in single precision, and running statistics are no parameters. It computes the same values, under the
 * same names.
 */
public final class Differentiable {

    /** What takes the place of an operator may be taken apart again, but not for ever. */
    private static final int MOST_PASSES = 4;

    private Differentiable() {}

    /** The differentiable form of a graph; what cannot be taken apart stays as it is. */
    public static Graph of(Graph graph, Operators operators) {
        Graph flat = LaidSequences.of(OuterConstants.of(graph), operators);
        Graph form = HeldStatistics.of(SinglePrecision.of(flat), operators);
        return ExplicitPadding.of(
                takenApart(form, operators, (node, shapes) -> !turnsBackwards(node, shapes)), operators);
    }

    /**
     * The graph with the bodies of its nodes written out as far as that is known: branches beside each other, turns of a loop one after the
     * other. Constants of bodies are its own, under their names.
     */
    public static Graph withoutBodies(Graph graph, Operators operators) {
        boolean flat = graph.nodes().stream().allMatch(node -> node.bodies().isEmpty());
        return flat
                ? graph
                : takenApart(
                        OuterConstants.of(graph),
                        operators,
                        (node, shapes) -> !node.bodies().isEmpty());
    }

    /** Loops have gradients that turn backwards, which are smaller than many turns written out. */
    private static boolean turnsBackwards(Node node, Shapes shapes) {
        return Turns.of(node).filter(turns -> turns.isSteady(shapes)).isPresent();
    }

    /**
     * The differentiable form of a graph for inputs of known extents: rules can do more where fewer extents are open, and
     * recurrent cells need to know how often they turn.
     *
     * @param extents for each input, its extents, -1 for one that stays open
     */
    public static Graph of(Graph graph, Map<String, List<Long>> extents, Operators operators) {
        return of(PinnedInputs.of(graph, extents), operators);
    }

    private static Graph takenApart(Graph graph, Operators operators, BiPredicate<Node, Shapes> which) {
        Graph form = graph;
        for (int pass = 0; pass < MOST_PASSES && hasParts(form, operators, which); pass++) {
            form = LaidSequences.of(onceApart(form, operators, which), operators);
        }
        return form;
    }

    private static boolean hasParts(Graph graph, Operators operators, BiPredicate<Node, Shapes> which) {
        List<Node> known = graph.nodes().stream()
                .filter(node -> decomposition(node, operators).isPresent())
                .toList();
        if (known.isEmpty()) {
            return false;
        }
        Shapes shapes = operators.infer(graph);
        return known.stream().anyMatch(node -> which.test(node, shapes));
    }

    private static Optional<OperatorDefinition> decomposition(Node node, Operators operators) {
        return operators
                .of(node)
                .filter(definition -> definition.gradient().isEmpty()
                        && definition.decomposition().isPresent());
    }

    private static Graph onceApart(Graph graph, Operators operators, BiPredicate<Node, Shapes> which) {
        Shapes shapes = operators.infer(graph);
        FreshNames names = FreshNames.of(graph);
        Map<String, Tensor> constants = new LinkedHashMap<>();
        List<Node> nodes = new ArrayList<>();
        Set<String> read = new HashSet<>(graph.outputs());
        graph.nodes().forEach(node -> read.addAll(node.reads()));
        for (Node node : graph.nodes()) {
            Optional<OperatorDefinition> known =
                    which.test(node, shapes) ? decomposition(node, operators) : Optional.empty();
            Optional<List<Node>> parts = known.flatMap(definition -> {
                Emitter emitter = new Emitter(names, shapes, node.id());
                Optional<List<Node>> made = parts(node, definition, emitter, read);
                made.ifPresent(list -> constants.putAll(emitter.constants()));
                return made;
            });
            nodes.addAll(parts.orElse(List.of(node)));
        }
        return graph.withNodes(nodes).withConstants(constants);
    }

    private static Optional<List<Node>> parts(
            Node node, OperatorDefinition definition, Emitter emitter, Set<String> read) {
        Expansion expansion = new Expansion(emitter, node);
        try {
            definition.decomposition().orElseThrow().apply(expansion);
            expansion.requireAll(read::contains);
        } catch (MisfitException e) {
            // The node stays; differentiating through it names it.
            return Optional.empty();
        }
        List<Node> nodes = new ArrayList<>(emitter.nodes());
        expansion
                .made()
                .forEach((slot, value) -> nodes.add(Node.of(
                        "Identity", List.of(value), List.of(node.outputs().get(slot)), Map.of())));
        return Optional.of(nodes);
    }
}
