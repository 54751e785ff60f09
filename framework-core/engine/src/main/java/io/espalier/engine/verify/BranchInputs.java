package io.espalier.engine.verify;

import io.espalier.graph.flow.ControlFlowEdges;
import io.espalier.graph.shape.Dim;
import io.espalier.graph.shape.IntTensor;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.DataType;
import java.util.ArrayList;
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

    private static final Set<String> COMPARING = Set.of("Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual");
    private static final Set<String> HANDING_ON =
            Set.of("And", "Cast", "Gather", "Identity", "Not", "Or", "Reshape", "Slice", "Squeeze", "Unsqueeze", "Xor");

    private final Graph flat;
    private final Shapes shapes;
    private final Set<String> conditions = new LinkedHashSet<>();

    private BranchInputs(Graph flat, Shapes shapes) {
        this.flat = flat;
        this.shapes = shapes;
        for (Node node : flat.nodes()) {
            if (ControlFlowEdges.decidesCourse(node, 0) && node.operator().equals("If")) {
                conditions.add(node.inputs().get(0));
            }
        }
        for (int i = flat.nodes().size() - 1; i >= 0; i--) {
            Node node = flat.nodes().get(i);
            boolean leads = node.outputs().stream().anyMatch(conditions::contains);
            if (leads && (HANDING_ON.contains(node.operator()) || COMPARING.contains(node.operator()))) {
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
    static List<Map<String, Double>> of(Graph flat, Shapes shapes) {
        BranchInputs deciding = new BranchInputs(flat, shapes);
        List<Map<String, Double>> found = new ArrayList<>();
        flat.inputs().forEach((input, type) -> {
            boolean single = shapes.require(input).stream().allMatch(extent -> extent.equals(Dim.of(1)));
            if (single && !type.type().isFloating() && deciding.conditions.contains(input)) {
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
            if (reads && COMPARING.contains(node.operator())) {
                node.inputs()
                        .forEach(other -> number(other).ifPresent(number -> {
                            values.add(number);
                            values.add(number + 1);
                        }));
            } else if (reads && HANDING_ON.contains(node.operator())) {
                same.addAll(node.outputs());
            }
        }
        return values;
    }

    private Optional<Double> number(String value) {
        return shapes.content(value)
                .flatMap(IntTensor::constants)
                .filter(numbers -> numbers.size() == 1)
                .map(numbers -> numbers.get(0).doubleValue());
    }
}
