package io.espalier.engine.coupling.propagate;

import io.espalier.engine.coupling.label.Barrier;
import io.espalier.engine.coupling.label.Layout;
import io.espalier.graph.flow.ControlFlowEdges;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.graph.Node;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The layouts of all values, and of constants as seen by operators that move them, while a graph is walked. */
final class Values {

    private final Shapes shapes;
    private final Parameters parameters;
    private final Relations relations;
    private final Map<String, Layout> layouts = new LinkedHashMap<>();
    private final Set<String> constantDerived = new LinkedHashSet<>();

    Values(Shapes shapes, Parameters parameters, Relations relations) {
        this.shapes = shapes;
        this.parameters = parameters;
        this.relations = relations;
    }

    /** The layouts of computed values and inputs. */
    Map<String, Layout> layouts() {
        return layouts;
    }

    /** The layout of a value or constant, empty when it is not known. */
    Optional<Layout> of(String value) {
        return parameters.contains(value)
                ? Optional.of(parameters.axisByAxis(value))
                : Optional.ofNullable(layouts.get(value));
    }

    void put(String value, Layout layout) {
        layouts.put(value, layout);
    }

    /** Nothing can be removed from a value. */
    void putInert(String value) {
        shapes.shape(value).ifPresent(shape -> layouts.put(value, Layout.inert(shape)));
    }

    /** Freezes a computed value of which an operator needs every element. */
    void keepWhole(Node node, String value) {
        Layout layout = layouts.get(value);
        if (layout != null) {
            relations.freeze(layout, Barrier.at(node, value, -1, "the operator reads it whole"));
        }
    }

    /** Nothing may be removed through this node: its operands are kept whole, its outputs are inert. */
    void block(Node node, String reason) {
        block(node, value -> Barrier.at(node, value, -1, reason));
    }

    /** The same, with a barrier for each value that the node reads. */
    void block(Node node, Function<String, Barrier> barrier) {
        for (String value : node.reads()) {
            of(value).ifPresent(layout -> relations.freeze(layout, barrier.apply(value)));
        }
        for (String output : node.outputs()) {
            if (!output.isEmpty()) {
                putInert(output);
            }
        }
    }

    /** Marks the outputs of a node as computed from constants alone, when its inputs are. */
    void markConstant(Node node) {
        // A state that starts as a constant does not remain one.
        if (!ControlFlowEdges.isLink(node) && node.inputs().stream().allMatch(this::isConstant)) {
            constantDerived.addAll(node.outputs());
        }
    }

    private boolean isConstant(String value) {
        return value.isEmpty() || parameters.contains(value) || constantDerived.contains(value);
    }

    /** Computed values that are made of constants alone. */
    Set<String> constantDerived() {
        return constantDerived;
    }
}
