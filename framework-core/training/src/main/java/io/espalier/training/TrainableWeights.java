package io.espalier.training;

import io.espalier.engine.layer.NamePattern;
import io.espalier.graph.cost.TrainableConstants;
import io.espalier.graph.operator.NodeView;
import io.espalier.graph.operator.OperatorDefinition;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.operator.SlotRole;
import io.espalier.spi.operator.Trait;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.training.TrainableWeight.Kind;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the constants that training changes by what they meet: those that data is multiplied with and summed, that are looked up,
 * that scale or shift what was normalised, that are added to a product; and others that meet what such an operator computed.
 *
 * <p>Not trained are numbers of a formula (one element), masks (numbers beyond {@value #MOST}, or none at all), and what meets data
 * before any trained operator has: how inputs are prepared.
 */
final class TrainableWeights {

    private static final double MOST = 1e4;

    private final Graph graph;
    private final Operators operators;
    private final Shapes shapes;
    /** The constants behind each value that no data reaches. */
    private final Map<String, Set<String>> behind = new HashMap<>();
    /** Values that data reaches. */
    private final Set<String> varying = new HashSet<>();
    /** Values that a trained operator has made, or that came of such values. */
    private final Set<String> learned = new HashSet<>();

    private final Map<String, Kind> kinds = new LinkedHashMap<>();
    private final Set<String> refused = new HashSet<>();

    private TrainableWeights(Graph graph, Operators operators) {
        this.graph = graph;
        this.operators = operators;
        this.shapes = operators.infer(graph);
        varying.addAll(graph.inputs().keySet());
        graph.constants().keySet().forEach(name -> behind.put(name, Set.of(name)));
        graph.nodes().forEach(this::visit);
    }

    /**
     * The weights of a graph, in its order.
     *
     * @param patterns names of those that are trained; empty for all
     * @throws InvalidInputException when a pattern matches no constant that could be trained, or there is none
     */
    static List<TrainableWeight> of(Graph graph, Operators operators, List<String> patterns) {
        Map<String, Kind> kinds = new TrainableWeights(graph, operators).kinds();
        Set<String> chosen = new LinkedHashSet<>(kinds.keySet());
        List<String> possible = TrainableConstants.real(graph, operators);
        if (!patterns.isEmpty()) {
            chosen.clear();
            patterns.forEach(pattern -> chosen.addAll(matching(pattern, possible)));
        }
        if (chosen.isEmpty()) {
            throw new InvalidInputException("The model has no weights in floating point that could be trained.");
        }
        return possible.stream()
                .filter(chosen::contains)
                .map(name -> new TrainableWeight(
                        name, graph.constants().get(name).shape(), kinds.getOrDefault(name, Kind.OTHER)))
                .toList();
    }

    private static List<String> matching(String pattern, List<String> names) {
        NamePattern compiled = NamePattern.of(pattern);
        List<String> matching = names.stream()
                .filter(name -> compiled.firstMatch(List.of(name)).isPresent())
                .toList();
        if (matching.isEmpty()) {
            throw new InvalidInputException("The pattern '" + pattern
                    + "' matches no weight in floating point; there are " + String.join(", ", names) + ".");
        }
        return matching;
    }

    private Map<String, Kind> kinds() {
        Set<String> possible = new HashSet<>(TrainableConstants.real(graph, operators));
        kinds.keySet().removeIf(name -> refused.contains(name) || !possible.contains(name));
        return kinds;
    }

    private void visit(Node node) {
        node.bodies().forEach(this::visit);
        if (operators.is(node, Trait.READS_EXTENTS) || node.reads().stream().noneMatch(varying::contains)) {
            Set<String> constants = new LinkedHashSet<>();
            node.reads().forEach(value -> constants.addAll(behind.getOrDefault(value, Set.of())));
            node.outputs().forEach(output -> behind.put(output, constants));
            return;
        }
        NodeView view = new NodeView(node, shapes);
        Optional<OperatorDefinition> definition = operators.of(node);
        boolean contracts = definition.filter(each -> each.contracts(view)).isPresent();
        boolean trains = contracts || node.reads().stream().anyMatch(learned::contains);
        for (int slot = 0; slot < node.inputs().size(); slot++) {
            SlotRole role = role(definition, view, slot);
            for (String constant : behind.getOrDefault(node.inputs().get(slot), Set.of())) {
                meet(constant, role, contracts, trains, definition);
                trains |= role == SlotRole.TABLE || role == SlotRole.SCALE;
            }
        }
        varying.addAll(node.outputs());
        if (trains) {
            learned.addAll(node.outputs());
        }
    }

    /** What a body reads of the graph around is known; its own inputs change from turn to turn. */
    private void visit(Graph body) {
        varying.addAll(body.inputs().keySet());
        body.nodes().forEach(this::visit);
    }

    private static SlotRole role(Optional<OperatorDefinition> definition, NodeView view, int slot) {
        return definition.map(each -> each.role(view, slot)).orElse(SlotRole.DATA);
    }

    private void meet(
            String constant,
            SlotRole role,
            boolean contracts,
            boolean trains,
            Optional<OperatorDefinition> definition) {
        Optional<Kind> kind = switch (role) {
            case WEIGHT, TABLE -> Optional.of(Kind.WEIGHT);
            case BIAS -> Optional.of(Kind.BIAS);
            case SCALE, SHIFT -> Optional.of(Kind.NORM);
            case STATE -> Optional.of(Kind.OTHER);
            case DATA ->
                contracts
                        ? Optional.of(Kind.WEIGHT)
                        : trains && isArray(constant) ? Optional.of(metAsData(definition)) : Optional.empty();
            default -> Optional.empty();
        };
        if (kind.isPresent()) {
            kinds.merge(constant, kind.get(), (one, other) -> one == Kind.WEIGHT ? one : other);
        } else {
            refused.add(constant);
        }
    }

    private static Kind metAsData(Optional<OperatorDefinition> definition) {
        return definition.filter(each -> each.is(Trait.ADDS)).isPresent() ? Kind.BIAS : Kind.OTHER;
    }

    /** Whether a constant is more than a number, and no mask. */
    private boolean isArray(String constant) {
        Tensor tensor = graph.constants().get(constant);
        if (tensor.size() < 2 || !tensor.type().isFloating()) {
            return false;
        }
        boolean[] small = {true};
        Tensors.forEach(tensor, (position, value) -> small[0] &= Math.abs(value) < MOST);
        return small[0];
    }
}
