package io.espalier.engine.verify;

import io.espalier.graph.flow.ControlFlowEdges;
import io.espalier.graph.operator.Movement;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.IntTensor;
import io.espalier.graph.shape.Shapes;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.operator.Trait;
import io.espalier.spi.tensor.DataType;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Values of inputs that decide which branch a network takes: a sample rate compared with a constant, a flag. A proof that
 * never takes a branch says nothing about it.
 */
final class BranchInputs {

    private static final Set<Movement> MOVING =
            EnumSet.of(Movement.GATHER, Movement.RESHAPE, Movement.SLICE, Movement.SQUEEZE, Movement.UNSQUEEZE);

    private final Graph flat;
    private final Shapes shapes;
    private final Operators operators;
    private final Set<String> conditions = new LinkedHashSet<>();

    private BranchInputs(Graph flat, Shapes shapes, Operators operators) {
        this.flat = flat;
        this.shapes = shapes;
        this.operators = operators;
        for (Node node : flat.nodes()) {
            if (ControlFlowEdges.decidesCourse(node, 0) && operators.is(node, Trait.BRANCHES)) {
                conditions.add(node.inputs().get(0));
            }
        }
        for (int i = flat.nodes().size() - 1; i >= 0; i--) {
            Node node = flat.nodes().get(i);
            boolean leads = node.outputs().stream().anyMatch(conditions::contains);
            if (leads && (handsOn(node) || operators.is(node, Trait.COMPARES))) {
                conditions.addAll(node.inputs());
            }
        }
    }

    /**
     * Values to try, for one input after the other.
     *
     * @param flat the graph with its bodies laid flat
     * @return nothing but the empty choice when no input decides a branch by itself
     */
    static List<Map<String, Double>> of(Graph flat, Shapes shapes, Operators operators) {
        BranchInputs deciding = new BranchInputs(flat, shapes, operators);
        List<Map<String, Double>> found = new ArrayList<>();
        flat.inputs().forEach((input, type) -> {
            boolean single = shapes.require(input).stream().allMatch(extent -> extent.equals(Dim.of(1)));
            boolean known = flat.given().containsKey(input);
            if (single && !known && !type.type().isFloating() && deciding.conditions.contains(input)) {
                deciding.values(input, type.type()).forEach(value -> found.add(Map.of(input, value)));
            }
        });
        return found.isEmpty() ? List.of(Map.of()) : List.copyOf(found);
    }

    /** Constants that an input is compared with, and one number more, so that either outcome occurs. */
    private Set<Double> values(String input, DataType type) {
        if (type == DataType.BOOL) {
            return new TreeSet<>(Set.of(0.0, 1.0));
        }
        Set<String> same = new LinkedHashSet<>(Set.of(input));
        Set<Double> values = new TreeSet<>();
        for (Node node : flat.nodes()) {
            boolean reads = node.inputs().stream().anyMatch(same::contains);
            if (reads && operators.is(node, Trait.COMPARES)) {
                node.inputs()
                        .forEach(other -> number(other).ifPresent(number -> {
                            values.add(number);
                            values.add(number + 1);
                        }));
            } else if (reads && handsOn(node)) {
                same.addAll(node.outputs());
            }
        }
        return values;
    }

    private boolean handsOn(Node node) {
        return operators
                .of(node)
                .filter(definition -> definition.is(Trait.LOGICAL)
                        || definition.is(Trait.CASTS)
                        || definition.is(Trait.IDENTITY)
                        || definition.movement().filter(MOVING::contains).isPresent())
                .isPresent();
    }

    private Optional<Double> number(String value) {
        return shapes.content(value)
                .flatMap(IntTensor::constants)
                .filter(numbers -> numbers.size() == 1)
                .map(numbers -> numbers.get(0).doubleValue());
    }
}
