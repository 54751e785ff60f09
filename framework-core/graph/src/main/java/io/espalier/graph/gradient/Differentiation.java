package io.espalier.graph.gradient;

import io.espalier.graph.operator.Backward;
import io.espalier.graph.operator.Decomposition;
import io.espalier.graph.operator.Emitter;
import io.espalier.graph.operator.Expansion;
import io.espalier.graph.operator.FoldedStatistics;
import io.espalier.graph.operator.FusedGaussianUnits;
import io.espalier.graph.operator.GradientRule;
import io.espalier.graph.operator.MisfitException;
import io.espalier.graph.operator.OperatorDefinition;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.operator.Turns;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.graph.FreshNames;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.operator.Trait;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reverse-mode differentiation: from the loss backwards, every node hands the gradient by its outputs to its inputs, and what
 * arrives at a value from several readers is added up.
 */
public final class Differentiation {

    private final Graph graph;
    private final Operators operators;
    private final Shapes shapes;
    private final Emitter emitter;
    /** Values that change with what is differentiated by. */
    private final Set<String> varying = new HashSet<>();
    /** Gradients that have arrived at each value and are not added up yet. */
    private final Map<String, List<String>> arriving = new HashMap<>();
    /** Nodes that have got more outputs. */
    private final Map<Node, Node> extended = new HashMap<>();

    private Differentiation(Graph graph, Operators operators, Shapes shapes) {
        this.graph = graph;
        this.operators = operators;
        this.shapes = shapes;
        this.emitter = new Emitter(FreshNames.of(graph), shapes, "gradient");
    }

    /**
     * Adds the gradient of a value.
     *
     * @param graph a {@link Differentiable} graph
     * @param loss the value, of one element
     * @param by inputs, constants or other values of the graph
     * @throws NotDifferentiableException when an operator between one of them and the loss has no gradient
     */
    public static Gradients of(Graph graph, Operators operators, String loss, Collection<String> by) {
        Set<String> kept = Set.copyOf(by);
        Graph fused = FusedGaussianUnits.of(graph, operators, kept);
        Shapes shapes = operators.infer(fused);
        Graph folded = FoldedStatistics.of(fused, shapes, kept);
        Shapes known = folded == fused ? shapes : operators.infer(folded);
        return new Differentiation(folded, operators, known).differentiated(loss, by);
    }

    private Gradients differentiated(String loss, Collection<String> by) {
        vary(by);
        Set<String> needed = upstream(loss);
        arrive(loss, one(loss));
        Map<String, String> gradients = new LinkedHashMap<>();
        Set<String> wanted = new HashSet<>(by);
        List<Node> nodes = graph.nodes();
        for (int i = nodes.size() - 1; i >= 0; i--) {
            Node node = nodes.get(i);
            if (node.outputs().stream().anyMatch(needed::contains)) {
                pass(node, wanted, gradients, loss);
            }
        }
        for (String value : by) {
            gradients.computeIfAbsent(value, each -> total(each).orElseGet(() -> zeros(each)));
        }
        Map<String, String> ordered = new LinkedHashMap<>();
        by.forEach(value -> ordered.put(value, gradients.get(value)));
        return new Gradients(complete(), ordered);
    }

    private void vary(Collection<String> by) {
        varying.addAll(by);
        for (Node node : graph.nodes()) {
            Set<String> read = node.reads();
            if (read.stream().anyMatch(varying::contains)) {
                node.outputs().stream()
                        .filter(output ->
                                isReal(output) || operators.is(node, Trait.QUANTISES) || standsForReal(output, read))
                        .forEach(varying::add);
            }
        }
        varying.remove("");
    }

    private boolean isReal(String value) {
        return shapes.type(value).map(type -> type.isFloating()).orElse(true);
    }

    /** Whether a value has the type of quantised ones that it is made of. */
    private boolean standsForReal(String value, Set<String> madeOf) {
        return madeOf.stream()
                .filter(each -> varying.contains(each) && !isReal(each))
                .anyMatch(each -> shapes.type(each).equals(shapes.type(value)));
    }

    /** The values that a value depends on, itself included. */
    private Set<String> upstream(String value) {
        Set<String> found = new HashSet<>(Set.of(value));
        List<Node> nodes = graph.nodes();
        for (int i = nodes.size() - 1; i >= 0; i--) {
            if (nodes.get(i).outputs().stream().anyMatch(found::contains)) {
                found.addAll(nodes.get(i).reads());
            }
        }
        return found;
    }

    private String one(String loss) {
        String one = emitter.scalar(1);
        return shapes.shape(loss).map(List::size).orElse(0) == 0 ? one : emitter.add(emitter.zerosLike(loss), one);
    }

    private void arrive(String value, String gradient) {
        arriving.computeIfAbsent(value, each -> new ArrayList<>()).add(gradient);
    }

    /** What has arrived at a value, added up; empty when nothing has. */
    private Optional<String> total(String value) {
        List<String> parts = arriving.remove(value);
        return parts == null ? Optional.empty() : parts.stream().reduce(emitter::add);
    }

    private String zeros(String value) {
        return emitter.zerosLike(value);
    }

    private void pass(Node node, Set<String> wanted, Map<String, String> gradients, String loss) {
        Map<Integer, String> outputs = new LinkedHashMap<>();
        for (int slot = 0; slot < node.outputs().size(); slot++) {
            String output = node.outputs().get(slot);
            Optional<String> total = total(output);
            if (total.isPresent()) {
                outputs.put(slot, total.get());
                if (wanted.contains(output)) {
                    gradients.put(output, total.get());
                }
            }
        }
        Set<Integer> slots = new TreeSet<>();
        for (int slot = 0; slot < node.inputs().size(); slot++) {
            if (varying.contains(node.inputs().get(slot))) {
                slots.add(slot);
            }
        }
        boolean captures = slots.isEmpty() && node.reads().stream().anyMatch(varying::contains);
        if (!outputs.isEmpty() && (captures || !slots.isEmpty())) {
            apply(node, outputs, slots, loss);
        }
    }

    private void apply(Node node, Map<Integer, String> outputs, Set<Integer> slots, String loss) {
        if (operators.is(node, Trait.BRANCHES)) {
            List<String> by = node.reads().stream().filter(varying::contains).toList();
            new BranchGradients(emitter, this::branch, graph, node, outputs, by)
                    .add()
                    .forEach(this::arrive);
            return;
        }
        Optional<Turns> turns = Turns.of(node);
        if (turns.isPresent()) {
            turn(turns.get(), outputs, loss);
            return;
        }
        GradientRule rule = operators
                .of(node)
                .flatMap(OperatorDefinition::gradient)
                .orElseThrow(() -> refused(node, loss, whyUnknown(node)));
        Backward backward = new Backward(emitter, node, outputs, slots);
        try {
            rule.apply(backward);
            if (rule != GradientRule.NONE) {
                backward.requireAll();
            }
        } catch (MisfitException e) {
            throw refused(node, loss, e.getMessage());
        }
        if (backward.node() != node) {
            extended.put(node, backward.node());
        }
        backward.found().forEach((slot, gradient) -> arrive(node.inputs().get(slot), gradient));
    }

    private void turn(Turns turns, Map<Integer, String> outputs, String loss) {
        try {
            Node collecting = new TurnGradients(emitter, this::branch, graph, turns, outputs, varying::contains)
                    .add(this::arrive);
            extended.put(turns.node(), collecting);
        } catch (MisfitException e) {
            throw refused(turns.node(), loss, e.getMessage());
        }
    }

    private Gradients branch(Graph stated, List<String> by) {
        return of(
                Differentiable.of(stated, operators),
                operators,
                stated.outputs().get(0),
                by);
    }

    /** Why an operator without a gradient of its own was not taken apart. */
    private String whyUnknown(Node node) {
        Optional<Decomposition> decomposition = operators.of(node).flatMap(OperatorDefinition::decomposition);
        if (decomposition.isPresent()) {
            try {
                Expansion expansion = new Expansion(new Emitter(FreshNames.of(graph), shapes, ""), node);
                decomposition.get().apply(expansion);
                Set<String> read = new HashSet<>(graph.outputs());
                graph.nodes().forEach(reader -> read.addAll(reader.reads()));
                expansion.requireAll(read::contains);
            } catch (MisfitException e) {
                return e.getMessage();
            }
        }
        return "no gradient is known for it";
    }

    private NotDifferentiableException refused(Node node, String loss, String reason) {
        return new NotDifferentiableException(
                node.qualifiedOperator(),
                "The loss cannot be differentiated through " + node.qualifiedOperator() + " '" + node.id()
                        + "', because " + reason + "; from there it leads to the loss by way of "
                        + WayToLoss.of(graph, node, loss) + ".");
    }

    private Graph complete() {
        List<Node> nodes = new ArrayList<>();
        graph.nodes().forEach(node -> nodes.add(extended.getOrDefault(node, node)));
        nodes.addAll(emitter.nodes());
        Map<String, Tensor> constants = emitter.constants();
        return graph.withNodes(nodes).withConstants(constants);
    }
}
